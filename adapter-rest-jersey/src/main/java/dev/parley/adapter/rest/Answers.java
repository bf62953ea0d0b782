package dev.parley.adapter.rest;

import dev.parley.domain.PageRequest;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.topic.Publication;
import dev.parley.domain.topic.TopicEntry;
import dev.parley.protocols.Closing;
import dev.parley.protocols.json.FieldException;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonReader;
import dev.parley.protocols.json.JsonReading;
import dev.parley.protocols.json.JsonValue;
import dev.parley.protocols.json.JsonWriter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/** What resources have in common: bodies in, answers out. */
final class Answers {

    private Answers() {}

    static Response json(JsonWriter json) {
        return json(200, json).build();
    }

    static Response.ResponseBuilder json(int status, JsonWriter json) {
        return bytes(status, json.toUtf8(), MediaType.APPLICATION_JSON);
    }

    static Response.ResponseBuilder bytes(int status, byte[] body, String mediaType) {
        return Response.status(status)
                .entity(body)
                .type(mediaType)
                .header(HttpHeaders.CONTENT_LENGTH, body.length);
    }

    static Response nothing() {
        return Response.noContent().build();
    }

    /** The body as a JSON object; an empty one is an empty object. */
    static JsonObject body(byte[] bytes) {
        if (bytes.length == 0) {
            return JsonObject.EMPTY;
        }
        return switch (JsonReader.STANDARD.read(bytes)) {
            case JsonReading.Read read -> read.object();
            case JsonReading.Unreadable unreadable -> throw new FieldException(unreadable.detail());
            case JsonReading.Hostile hostile -> throw new Refused(
                    hostile.reason() == Closing.Reason.TOO_LARGE ? ErrorCode.MESSAGE_TOO_LONG : ErrorCode.BAD_REQUEST,
                    hostile.detail());
        };
    }

    /** What is published, as text. */
    static String payload(JsonObject object) {
        String payload = new JsonWriter().value((JsonValue) object).toString();
        if (!Publication.fits(payload)) {
            throw new Refused(
                    ErrorCode.MESSAGE_TOO_LONG, "Expected at most " + Publication.MAX_BYTES + " bytes to publish");
        }
        return payload;
    }

    static Response published(TopicEntry entry) {
        JsonWriter json = new JsonWriter().begin().field("position", entry.position());
        return json(201, json.field("published_at", entry.at()).end()).build();
    }

    static SessionId session(String id) {
        if (!SessionId.isValid(id)) {
            throw new FieldException("Expected a session id of 1 to 128 characters of A-Z a-z 0-9 . _ : -");
        }
        return new SessionId(id);
    }

    static MessageId message(String id) {
        if (!MessageId.isValid(id)) {
            throw new FieldException("Expected a message id of 1 to 128 characters of A-Z a-z 0-9 . _ : -");
        }
        return new MessageId(id);
    }

    /** {@code limit} and {@code offset}. */
    static PageRequest page(Visit visit) {
        int limit = Math.min(whole(visit, "limit").orElse(PageRequest.DEFAULT_LIMIT), PageRequest.MAX_LIMIT);
        int offset = whole(visit, "offset").orElse(0);
        if (limit < 1 || offset < 0) {
            throw new FieldException("Expected a limit from 1 and an offset from 0");
        }
        return new PageRequest(offset, limit);
    }

    static Optional<Integer> whole(Visit visit, String name) {
        return visit.parameter(name).map(text -> {
            try {
                return Integer.valueOf(text);
            } catch (NumberFormatException noNumber) {
                throw new FieldException("Expected " + name + " to be a whole number");
            }
        });
    }
}
