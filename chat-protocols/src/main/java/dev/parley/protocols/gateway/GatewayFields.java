package dev.parley.protocols.gateway;

import dev.parley.application.command.Ask;
import dev.parley.application.command.Overlap;
import dev.parley.domain.llm.ModelOptions;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.json.FieldException;
import dev.parley.protocols.json.Fields;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonValue;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The fields of this protocol's events. Whatever is wrong with one throws {@link FieldException}. */
final class GatewayFields {

    /** So many messages may be marked at once. */
    private static final int MAX_MARKED = 100;

    private GatewayFields() {}

    static Optional<SessionId> session(JsonObject data) {
        return name(data, "sessionId").map(id -> {
            if (!SessionId.isValid(id)) {
                throw new FieldException("Expected sessionId to be an id of 1 to " + SessionId.MAX_LENGTH
                        + " characters of A-Z a-z 0-9 . _ : -");
            }
            return new SessionId(id);
        });
    }

    static SessionId requiredSession(JsonObject data) {
        return session(data).orElseThrow(() -> new FieldException("Expected sessionId, found none"));
    }

    /** {@code messageId}, or several in {@code messageIds}; each once. */
    static List<MessageId> messages(JsonObject data) {
        LinkedHashSet<MessageId> messages = new LinkedHashSet<>();
        Fields.message(data, "messageId").ifPresent(messages::add);
        for (String id : data.texts("messageIds").orElse(List.of())) {
            if (!MessageId.isValid(id)) {
                throw new FieldException("Expected messageIds to be message ids");
            }
            messages.add(new MessageId(id));
        }
        if (messages.isEmpty() || messages.size() > MAX_MARKED) {
            throw new FieldException("Expected messageId, or 1 to " + MAX_MARKED + " messageIds");
        }
        return List.copyOf(messages);
    }

    /** How a reply is wanted; others do not make it wait unless the client says so. */
    static Ask ask(JsonObject data) {
        JsonObject config = data.object("config").orElse(JsonObject.EMPTY);
        return new Ask(
                data.text("agentId").filter(id -> !id.isBlank()),
                config.text("model").or(() -> data.text("model")).filter(model -> !model.isBlank()),
                Optional.of(data.text("overlap")
                        .map(word -> Fields.constant(Overlap.class, "overlap", word))
                        .orElse(Overlap.PARALLEL)),
                config.text("systemPrompt"),
                Fields.checked(() -> new ModelOptions(
                        config.decimal("temperature"), maxTokens(config), seed(config), Map.of())));
    }

    private static Optional<Integer> maxTokens(JsonObject config) {
        OptionalLong tokens = config.has("maxTokens") ? config.whole("maxTokens") : config.whole("max_tokens");
        return tokens.isPresent()
                ? Optional.of((int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, tokens.getAsLong())))
                : Optional.empty();
    }

    private static Optional<Long> seed(JsonObject config) {
        OptionalLong seed = config.whole("seed");
        return seed.isPresent() ? Optional.of(seed.getAsLong()) : Optional.empty();
    }

    /** A name, which may be a number too. */
    static Optional<String> name(JsonObject object, String field) {
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
