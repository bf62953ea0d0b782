package dev.parley.protocols.topics;

import dev.parley.domain.access.Principal;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.SessionSettings;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Handshake;
import dev.parley.protocols.Outgoing;
import dev.parley.protocols.Step;
import dev.parley.protocols.json.Speech;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one connection knows of its session and of what its client was told. Used by one thread at a time. */
final class TopicsState {

    private static final int MAX_AGENTS = 256;
    private static final Author.Agent NOBODY = new Author.Agent("", "");

    final Handshake handshake;
    final SessionId session;

    private final Speech speech;
    private final Set<MessageId> mine = new HashSet<>();
    private final Map<MessageId, Author.Agent> agents = new LinkedHashMap<>();
    private final Map<MessageId, Long> shown = new HashMap<>();
    private final Set<MessageId> resets = new HashSet<>();
    private final Map<MessageId, Boolean> streamed = new HashMap<>();
    private SessionSettings settings = SessionSettings.DEFAULT;
    private Instant now = Instant.EPOCH;
    private boolean catchingUp;
    private boolean recovered = true;
    private boolean processing;
    private boolean leaving;
    private long told;
    private long marked;

    TopicsState(Handshake handshake, SessionId session, Speech speech) {
        this.handshake = handshake;
        this.session = session;
        this.speech = speech;
    }

    Principal principal() {
        return handshake.principal();
    }

    boolean mine(String user) {
        return principal().user().value().equals(user);
    }

    /** What time it was when this connection was last concerned with anything. */
    Instant now() {
        return now;
    }

    void at(Instant instant) {
        now = instant;
    }

    boolean leaving() {
        return leaving;
    }

    void leave() {
        leaving = true;
    }

    void adopt(Session session) {
        settings = session.settings();
        speech.adopt(settings);
    }

    // Where the client is

    /** The client has been told everything durable up to {@code position}, or it holds nothing to tell. */
    void told(long position) {
        told = Math.max(told, position);
    }

    /**
     * The client knows of its own changes at {@code first} to {@code last} by the answer to them, unless others changed something
     * before that is still on its way.
     */
    void answered(long first, long last, boolean reply) {
        if (first == told + 1 && last == (reply ? first + 1 : first)) {
            told = last;
        }
    }

    /** As {@link #told}, and the client's first frame says so. */
    void begins(long position) {
        told = position;
        marked = position;
    }

    /** Something that must arrive. */
    Step kept(Frame frame) {
        return new Step.Send(new Outgoing.Kept(marked(frame)));
    }

    /** Something that a later one with the same key may replace; what was passed over in silence makes it a milestone. */
    Step hint(String key, Frame frame) {
        return told > marked ? kept(frame) : new Step.Send(new Outgoing.Replaceable(key, frame));
    }

    /** Whether something was passed over in silence since the last frame that must arrive. */
    boolean behind() {
        return told > marked;
    }

    private Frame marked(Frame frame) {
        if (told <= marked) {
            return frame;
        }
        marked = told;
        return new Frame(frame.utf8(), new Frame.Mark.All(List.of(frame.mark(), new Frame.Mark.At(told))));
    }

    // Catching up

    void catchUp() {
        catchingUp = true;
    }

    boolean catchingUp() {
        return catchingUp;
    }

    /** Notes whether everything that was missed could be told. */
    void recovered(boolean whole) {
        recovered &= whole;
    }

    /** Everything missed was told; answers whether that was all. */
    boolean caughtUp() {
        boolean whole = recovered;
        catchingUp = false;
        recovered = true;
        return whole;
    }

    // Messages

    /** This client said it, and knows. */
    void said(MessageId message) {
        mine.add(message);
    }

    /** Whether this client said it; asked once. */
    boolean knows(MessageId message) {
        return mine.remove(message);
    }

    // Replies

    void writes(MessageId reply, Author.Agent agent) {
        agents.put(reply, agent);
        if (agents.size() > MAX_AGENTS) {
            agents.remove(agents.keySet().iterator().next());
        }
    }

    Author.Agent agent(MessageId reply) {
        return agents.getOrDefault(reply, NOBODY);
    }

    /** How the client says it has seen replies. */
    void shown(Map<MessageId, Long> before) {
        shown.putAll(before);
    }

    /** A reply begins, or begins anew. */
    void begins(MessageId reply) {
        Long before = shown.put(reply, 0L);
        // Who comes back may have something on the screen that its last frame did not say.
        if (catchingUp || before != null && before > 0) {
            resets.add(reply);
        }
    }

    void grew(MessageId reply, long to) {
        shown.put(reply, to);
        processing = false;
    }

    /** Whether what was shown of the reply is void; asked once. */
    boolean resets(MessageId reply) {
        return resets.remove(reply);
    }

    /** The client said how it wants a reply. */
    void stream(MessageId reply, boolean wanted) {
        streamed.put(reply, wanted);
    }

    /** Whether the client sees the reply grow; stays as it was when the reply began. */
    boolean streams(MessageId reply) {
        return streamed.computeIfAbsent(reply, ignored -> settings.streamResponses());
    }

    void ended(MessageId reply) {
        streamed.remove(reply);
        shown.remove(reply);
        resets.remove(reply);
        processing = false;
    }

    /** Whether the client was told already that an agent works. */
    boolean processing() {
        return processing;
    }

    void processes(boolean works) {
        processing = works;
    }
}
