package dev.parley.protocols;

/** A client's wire language. Safe for use by many threads; what it makes of one event may be shared by all its connections. */
public interface Protocol {

    /** A stable word: {@code chat}, {@code rooms} … for addresses, logs and metrics. */
    String name();

    /** Begins the conversation with one client. */
    ProtocolSession open(Handshake handshake);
}
