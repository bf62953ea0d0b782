package dev.parley.protocols;

import dev.parley.domain.content.Filtering;

/** A client's wire language. Safe for use by many threads; what it makes of one event may be shared by all its connections. */
public interface Protocol {

    /** A stable word: {@code chat}, {@code rooms} … for addresses, logs and metrics. */
    String name();

    /** What becomes of words that offend in what clients write, where the settings do not say. */
    default Filtering filtering() {
        return Filtering.OFF;
    }

    /** Begins the conversation with one client. */
    ProtocolSession open(Handshake handshake);
}
