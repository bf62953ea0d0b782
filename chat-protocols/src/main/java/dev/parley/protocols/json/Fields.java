package dev.parley.protocols.json;

import dev.parley.application.command.Ask;
import dev.parley.application.command.Attach;
import dev.parley.application.command.Overlap;
import dev.parley.domain.PageRequest;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.llm.ModelOptions;
import dev.parley.domain.message.ClientKey;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Feedback;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.store.Slice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The fields that client frames and requests have in common, as the domain knows them. Whatever is wrong with one throws
 * {@link FieldException}.
 */
public final class Fields {

    private Fields() {}

    public static MessageId requiredMessage(JsonObject frame, String name) {
        return message(frame, name)
                .orElseThrow(() -> new FieldException("Expected " + name + ", found none"));
    }

    public static Optional<MessageId> message(JsonObject frame, String name) {
        return frame.text(name).map(text -> {
            if (!MessageId.isValid(text)) {
                throw new FieldException("Expected " + name + " to be a message id");
            }
            return new MessageId(text);
        });
    }

    /** What the client calls the frame or the message in it. */
    public static Optional<String> clientId(JsonObject frame) {
        return clientId(frame, "id");
    }

    /** The same where it stands under {@code name}. */
    public static Optional<String> clientId(JsonObject frame, String name) {
        return frame.text(name).map(id -> {
            if (id.isEmpty() || id.length() > ClientKey.MAX_LENGTH) {
                throw new FieldException("Expected " + name + " to be of 1 to " + ClientKey.MAX_LENGTH + " characters");
            }
            return id;
        });
    }

    public static ClientMetadata metadata(JsonObject frame) {
        return frame.object("metadata")
                .filter(object -> !object.fields().isEmpty())
                .map(object -> checked(() -> new ClientMetadata(
                        new JsonWriter().value((JsonValue) object).toString())))
                .orElse(ClientMetadata.NONE);
    }

    /** The text of a message; it may be missing where files are all there is. */
    public static String content(JsonObject frame, List<Attach> attachments) {
        return attachments.isEmpty() ? frame.requiredText("content") : frame.text("content").orElse("");
    }

    /** {@code attachments}: ids of files that are here, or objects as {@link #attachment} reads them. */
    public static List<Attach> attachments(JsonObject frame) {
        List<Attach> attachments = new ArrayList<>();
        for (JsonValue item : frame.items("attachments").orElse(List.of())) {
            attachments.add(switch (item) {
                case JsonValue.Text id -> existing(id.value());
                case JsonObject object -> attachment(object);
                case JsonValue.Items other -> throw noAttachment();
                case JsonValue.Numeral other -> throw noAttachment();
                case JsonValue.Truth other -> throw noAttachment();
                case JsonValue.Nothing other -> throw noAttachment();
            });
        }
        return attachments;
    }

    /** A file that is here, by {@code attachment_id} or {@code file_id}, or one elsewhere, by {@code fileUrl}. */
    public static Attach attachment(JsonObject file) {
        Optional<String> id = first(file, "attachment_id", "attachmentId", "file_id", "id");
        if (id.isPresent()) {
            return existing(id.get());
        }
        OptionalLong size = file.has("fileSize") ? file.whole("fileSize") : file.whole("size");
        return new Attach.Link(
                first(file, "fileName", "file_name").orElse(""),
                first(file, "fileUrl", "file_url", "url").orElseThrow(Fields::noAttachment),
                first(file, "mimeType", "mime_type").orElse(""),
                size.orElse(0),
                metadata(file));
    }

    public static AttachmentId file(String id) {
        if (!AttachmentId.isValid(id)) {
            throw new FieldException("Expected a file id of 1 to " + AttachmentId.MAX_LENGTH
                    + " characters of A-Z a-z 0-9 _ -");
        }
        return new AttachmentId(id);
    }

    private static Attach existing(String id) {
        return new Attach.Existing(file(id));
    }

    private static Optional<String> first(JsonObject object, String... names) {
        for (String name : names) {
            Optional<String> text = object.text(name);
            if (text.isPresent()) {
                return text;
            }
        }
        return Optional.empty();
    }

    private static FieldException noAttachment() {
        return new FieldException("Expected attachments to be ids of files, or objects with a fileUrl");
    }

    /** How a reply is wanted: {@code agent, model, overlap, options}. */
    public static Ask ask(JsonObject frame) {
        JsonObject options = frame.object("options").orElse(JsonObject.EMPTY);
        return new Ask(
                frame.text("agent"),
                frame.text("model"),
                frame.text("overlap").map(word -> constant(Overlap.class, "overlap", word)),
                options.text("system_prompt"),
                checked(() -> new ModelOptions(
                        options.decimal("temperature"),
                        maxTokens(options),
                        boxed(options.whole("seed")),
                        Map.of())));
    }

    public static Feedback feedback(JsonObject frame) {
        Optional<Boolean> helpful = frame.truth("helpful");
        Optional<Integer> rating = boxed(frame.whole("rating")).map(value -> clamped(value));
        if (helpful.isEmpty() && rating.isEmpty()) {
            throw new FieldException("Expected helpful or rating, found none");
        }
        return checked(() -> new Feedback(helpful, rating));
    }

    /** {@code before, after, offset, limit}, of which the first that is there counts. */
    public static Slice slice(JsonObject frame) {
        OptionalLong limit = frame.whole("limit");
        if (limit.isPresent() && limit.getAsLong() < 1) {
            throw new FieldException("Expected a limit from 1, found " + limit.getAsLong());
        }
        int most = (int) Math.min(limit.orElse(PageRequest.DEFAULT_LIMIT), PageRequest.MAX_LIMIT);
        Optional<MessageId> before = message(frame, "before");
        if (before.isPresent()) {
            return new Slice.Before(before.get(), most);
        }
        Optional<MessageId> after = message(frame, "after");
        if (after.isPresent()) {
            return new Slice.After(after.get(), most);
        }
        OptionalLong offset = frame.whole("offset");
        return offset.isPresent()
                ? checked(() -> new Slice.FromOldest(offset.getAsLong(), most))
                : new Slice.Newest(most);
    }

    /** {@code {message_id: seq}}: how far replies were shown. */
    public static Map<MessageId, Long> shown(JsonObject streams) {
        Map<MessageId, Long> shown = new LinkedHashMap<>();
        for (String id : streams.fields().keySet()) {
            OptionalLong length = streams.whole(id);
            if (!MessageId.isValid(id) || length.isEmpty() || length.getAsLong() < 0) {
                throw new FieldException("Expected streams to be message ids with lengths");
            }
            shown.put(new MessageId(id), length.getAsLong());
        }
        return shown;
    }

    /** The constant that {@code word} is the lower-case name of. */
    public static <E extends Enum<E>> E constant(Class<E> type, String name, String word) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(word)) {
                return constant;
            }
        }
        throw new FieldException("Expected " + name + " to be one of its known words");
    }

    /** The value, or what its constructor has against it as a {@link FieldException}. */
    public static <T> T checked(java.util.function.Supplier<T> constructor) {
        try {
            return constructor.get();
        } catch (IllegalArgumentException wrong) {
            String message = wrong.getMessage();
            throw new FieldException(message == null ? "Expected another value" : message);
        }
    }

    private static Optional<Integer> maxTokens(JsonObject options) {
        return boxed(options.whole("max_tokens")).map(value -> clamped(value));
    }

    private static int clamped(long value) {
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value));
    }

    private static Optional<Long> boxed(OptionalLong value) {
        return value.isPresent() ? Optional.of(value.getAsLong()) : Optional.empty();
    }
}
