package dev.parley.protocols.json;

import dev.parley.protocols.Closing;

/** What a client's bytes turned out to be. */
public sealed interface JsonReading {

    /** One JSON object. */
    record Read(JsonObject object) implements JsonReading {}

    /**
     * No JSON object: to be answered as a bad request.
     *
     * @param detail what was expected and what was found
     */
    record Unreadable(String detail) implements JsonReading {}

    /** Beyond a limit that no client meets by accident: on a connection, to be closed. */
    record Hostile(Closing.Reason reason, String detail) implements JsonReading {}
}
