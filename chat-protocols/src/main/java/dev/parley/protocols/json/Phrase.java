package dev.parley.protocols.json;

/**
 * A text that people are told and that is no error's: its name is its key in the bundles. What is in braces there, <code>{0}</code>, is
 * filled in when it is told.
 */
public enum Phrase {

    // Tickets

    /** Told with an answer that was there before. */
    TICKET_CACHED,
    /** The model said nothing. */
    TICKET_EMPTY,
    /** The settings say that there is no model's server. */
    NO_MODEL_SERVER,

    // Sessions and topics

    /** The first words to a client. */
    TOPICS_CONNECTED,
    /** A message could not be answered. */
    TOPICS_FAILED,
    /** Updates of the investigation called {0} follow. */
    TOPICS_SUBSCRIBED
}
