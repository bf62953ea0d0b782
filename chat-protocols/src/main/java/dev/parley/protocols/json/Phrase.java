package dev.parley.protocols.json;

/** A text that a protocol tells people and that is no error's: its name is its key in the bundles. */
public enum Phrase {
    /** Told with an answer that was there before. */
    TICKET_CACHED,
    /** The model said nothing. */
    TICKET_EMPTY,
    /** The settings say that there is no model's server. */
    NO_MODEL_SERVER
}
