package dev.parley.protocols.connection;

import dev.parley.application.event.Event;
import java.util.function.BooleanSupplier;

/**
 * Decides when a client is asked for a sign of life beside the heartbeat, so that it is soon known what it surely has. Used under
 * its connection's lock.
 */
final class Probe {

    private static final long EVERY_MILLIS = 1_000;

    private final BooleanSupplier unsure;
    private boolean news;
    private boolean awaited;
    private long asked;

    /** {@code unsure} whether asking is worth it now */
    Probe(BooleanSupplier unsure) {
        this.unsure = unsure;
    }

    /** The client is being told this. */
    void told(Event event, long now) {
        if (!news && event instanceof Event.Happened) {
            news = true;
            asked = now;
        }
    }

    /** Whether it is to be asked now. */
    boolean due(long now) {
        if (!news || now - asked < EVERY_MILLIS) {
            return false;
        }
        asked = now;
        news = unsure.getAsBoolean();
        awaited = news;
        return news;
    }

    /** The transport cannot ask. */
    void giveUp() {
        news = false;
        awaited = false;
    }

    /** A sign came; whether it was asked for by this. */
    boolean answered() {
        boolean was = awaited;
        awaited = false;
        return was;
    }
}
