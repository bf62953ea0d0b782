package dev.parley.protocols.connection;

/**
 * The signs of life of one connection: when one is to be given and asked for, and when the lack of them ends it. Used under its
 * connection's lock.
 */
final class Pulse {

    private final long heartbeat;
    private final long silence;
    private final long connectedAt;
    private final Probe probe;
    private long nextBeat;
    private boolean answerAwaited;
    private boolean heard;

    /** What it is time for. */
    enum Due {
        NOTHING,
        /** A sign of life is to be given, and asked for where the transport can. */
        BEAT,
        /** The client is to be asked for one beside that. */
        ASK,
        /** The client is taken for gone. */
        SILENT
    }

    /** @param livesByHeartbeats true where silence does not end the connection */
    Pulse(ConnectionSettings settings, boolean livesByHeartbeats, Probe probe, long now) {
        this.heartbeat = settings.heartbeat().toMillis();
        this.silence = livesByHeartbeats ? 0 : settings.silence().toMillis();
        this.connectedAt = now;
        this.probe = probe;
        this.nextBeat = now + heartbeat;
    }

    /** The client gave a sign of life, of whatever kind. */
    void heard() {
        heard = true;
        answerAwaited = false;
    }

    /** @param lastActivity when something last went either way, 0 for never */
    boolean silent(long now, long lastActivity) {
        return silence > 0 && now - Math.max(lastActivity, connectedAt) >= silence;
    }

    /** What it is time for, with a client that is not silent. */
    Due due(long now) {
        if (now < nextBeat) {
            return probe.due(now) ? Due.ASK : Due.NOTHING;
        }
        nextBeat = Math.max(nextBeat + heartbeat, now + 1);
        boolean unanswered = answerAwaited;
        answerAwaited = true;
        return unanswered ? Due.SILENT : Due.BEAT;
    }

    /** The transport's sign of life asks for no answer. */
    void asksNothing() {
        answerAwaited = false;
    }

    /** Whether the client was heard since this was asked last. */
    boolean takeHeard() {
        boolean was = heard;
        heard = false;
        return was;
    }
}
