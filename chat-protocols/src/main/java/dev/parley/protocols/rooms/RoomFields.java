package dev.parley.protocols.rooms;

import dev.parley.application.command.Ask;
import dev.parley.application.command.Attach;
import dev.parley.application.command.Overlap;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.llm.ModelOptions;
import dev.parley.domain.message.ClientKey;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Receipt;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import dev.parley.protocols.json.FieldException;
import dev.parley.protocols.json.Fields;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The fields of this protocol's frames. Whatever is wrong with one throws {@link FieldException}. */
public final class RoomFields {

    private static final String IDS = " to be an id of 1 to 128 characters of A-Z a-z 0-9 . _ : -";

    private RoomFields() {}

    static JsonObject data(JsonObject frame) {
        return frame.object("data").orElse(JsonObject.EMPTY);
    }

    /** What the client calls its frame; old clients count instead of naming. */
    static Optional<String> ownId(JsonObject frame) {
        return name(frame, "message_id").map(id -> {
            if (id.isEmpty() || id.length() > ClientKey.MAX_LENGTH) {
                throw new FieldException("Expected a message_id of 1 to " + ClientKey.MAX_LENGTH + " characters");
            }
            return id;
        });
    }

    /** {@code room_id}, beside the data or in it. */
    static Optional<SessionId> room(JsonObject frame) {
        Optional<String> inside = name(data(frame), "room_id");
        return inside.or(() -> name(frame, "room_id")).map(id -> session("room_id", id));
    }

    static SessionId requiredRoom(JsonObject frame) {
        return room(frame).orElseThrow(() -> new FieldException("Expected room_id, found none"));
    }

    static Optional<SessionId> conversation(JsonObject data) {
        return name(data, "conversation_id").map(id -> session("conversation_id", id));
    }

    static SessionId session(String field, String id) {
        if (!SessionId.isValid(id)) {
            throw new FieldException("Expected " + field + IDS);
        }
        return new SessionId(id);
    }

    /** {@code private}, {@code shared} or {@code group}. */
    public static Optional<Visibility> roomType(Optional<String> word) {
        return word.map(type -> Fields.constant(Visibility.class, "room_type", type));
    }

    static Optional<AttachmentId> file(JsonObject data) {
        return name(data, "file_id").map(RoomFields::file);
    }

    static AttachmentId requiredFile(JsonObject data) {
        return file(data).orElseThrow(() -> new FieldException("Expected file_id, found none"));
    }

    private static AttachmentId file(String id) {
        return Fields.checked(() -> new AttachmentId(id));
    }

    private static List<Attach> files(JsonObject data) {
        return data.texts("file_ids")
                .orElse(List.of())
                .stream()
                .<Attach>map(id -> new Attach.Existing(file(id)))
                .toList();
    }

    static UserId requiredUser(JsonObject data) {
        String id = name(data, "user_id").orElseThrow(() -> new FieldException("Expected user_id, found none"));
        return Fields.checked(() -> new UserId(id));
    }

    static MessageId message(String id) {
        if (!MessageId.isValid(id)) {
            throw new FieldException("Expected message_id" + IDS);
        }
        return new MessageId(id);
    }

    static Receipt receipt(JsonObject data) {
        return Fields.constant(Receipt.class, "status", data.requiredText("status"));
    }

    static Said said(JsonObject frame) {
        JsonObject data = data(frame);
        Optional<SessionId> room = room(frame);
        return new Said(
                data.requiredText("message"),
                ownId(frame),
                room.or(() -> conversation(data)),
                room.isPresent(),
                ask(data),
                files(data));
    }

    private static Ask ask(JsonObject data) {
        return new Ask(
                data.text("agent"),
                data.text("model_preference").filter(model -> !model.isBlank()),
                data.text("overlap").map(word -> Fields.constant(Overlap.class, "overlap", word)),
                data.text("system_prompt"),
                Fields.checked(() -> new ModelOptions(
                        data.decimal("temperature"), maxTokens(data), Optional.empty(), Map.of())));
    }

    private static Optional<Integer> maxTokens(JsonObject data) {
        OptionalLong tokens = data.whole("max_tokens");
        return tokens.isPresent()
                ? Optional.of((int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, tokens.getAsLong())))
                : Optional.empty();
    }

    /** A name, which may be a number too. */
    private static Optional<String> name(JsonObject object, String field) {
        return object.get(field).map(value -> switch (value) {
            case JsonValue.Text text -> text.value();
            case JsonValue.Numeral number -> number.literal();
            case JsonObject other -> throw unexpected(field, value);
            case JsonValue.Truth other -> throw unexpected(field, value);
            case JsonValue.Items other -> throw unexpected(field, value);
            case JsonValue.Nothing other -> throw unexpected(field, value);
        });
    }

    private static FieldException unexpected(String field, JsonValue found) {
        return new FieldException("Expected " + field + " to be a text or a number, found " + found.kind());
    }
}
