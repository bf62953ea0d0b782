package dev.parley.protocols.topics;

import dev.parley.protocols.Frame;
import dev.parley.protocols.json.JsonWriter;
import java.time.Instant;
import java.util.function.Consumer;

/** Makes envelopes {@code {type, data, timestamp, id}} up to their ids, which are put on when their turn to be written comes. */
final class Envelope {

    static final Frame.Mark NONE = new Frame.Mark.None();

    private Envelope() {}

    /** {@code data} writes the fields of the data object */
    static Frame of(String type, Instant at, Consumer<JsonWriter> data, Frame.Mark mark) {
        return of(type, at, data, mark, 256);
    }

    /** {@code expected} how many bytes it will probably be */
    static Frame of(String type, Instant at, Consumer<JsonWriter> data, Frame.Mark mark, int expected) {
        JsonWriter json = new JsonWriter(expected).begin().field("type", type).name("data").begin();
        data.accept(json);
        return new Frame(json.end().field("timestamp", at).toUtf8(), mark);
    }

    /** For the sender alone, or for whoever it concerns. */
    static Frame of(String type, Instant at, Consumer<JsonWriter> data) {
        return of(type, at, data, NONE);
    }

    /** A {@code notification} with an {@code event}. */
    static Frame notification(String event, Instant at, Consumer<JsonWriter> data, Frame.Mark mark) {
        return of(
                "notification",
                at,
                json -> {
                    json.field("event", event);
                    data.accept(json);
                },
                mark);
    }

    static Frame notification(String event, Instant at, Consumer<JsonWriter> data) {
        return notification(event, at, data, NONE);
    }
}
