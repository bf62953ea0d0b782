package dev.parley.adapter.ollama;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.parley.domain.error.LlmException;
import dev.parley.domain.error.LlmException.Kind;
import dev.parley.domain.llm.ModelOptions;
import dev.parley.domain.llm.Prompt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Writes what is asked. */
final class ChatRequest {

    /** Options that Ollama takes beside the model's own. */
    private static final Set<String> OF_THE_REQUEST = Set.of("think", "format", "keep_alive", "truncate", "shift");

    private ChatRequest() {}

    static byte[] of(Prompt prompt) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = Json.FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("model", prompt.model());
            json.writeBooleanField("stream", true);
            json.writeArrayFieldStart("messages");
            for (Prompt.Turn turn : prompt.turns()) {
                json.writeStartObject();
                json.writeStringField("role", turn.role().name().toLowerCase(Locale.ROOT));
                json.writeStringField("content", turn.content());
                images(json, turn.images());
                json.writeEndObject();
            }
            json.writeEndArray();
            options(json, prompt.options());
            json.writeEndObject();
        } catch (IOException e) {
            throw new LlmException(Kind.REJECTED, "Expected a prompt that can be written as JSON", e);
        }
        return bytes.toByteArray();
    }

    private static void images(JsonGenerator json, List<Prompt.Image> images) throws IOException {
        if (images.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("images");
        for (Prompt.Image image : images) {
            try (InputStream in = image.content().open()) {
                json.writeBinary(Base64Variants.MIME_NO_LINEFEEDS, in, Math.toIntExact(image.content().size()));
            }
        }
        json.writeEndArray();
    }

    private static void options(JsonGenerator json, ModelOptions options) throws IOException {
        if (!options.others().containsKey("think")) {
            // A model that can think does so unless it is told not to, and nobody sees its first words for a long time.
            json.writeBooleanField("think", false);
        }
        for (Map.Entry<String, Object> other : options.others().entrySet()) {
            if (OF_THE_REQUEST.contains(other.getKey())) {
                value(json, other.getKey(), other.getValue());
            }
        }
        json.writeObjectFieldStart("options");
        for (Map.Entry<String, Object> other : options.others().entrySet()) {
            if (!OF_THE_REQUEST.contains(other.getKey()) && !isSetOtherwise(options, other.getKey())) {
                value(json, other.getKey(), other.getValue());
            }
        }
        if (options.temperature().isPresent()) {
            json.writeNumberField("temperature", options.temperature().get());
        }
        if (options.maxTokens().isPresent()) {
            json.writeNumberField("num_predict", options.maxTokens().get());
        }
        if (options.seed().isPresent()) {
            json.writeNumberField("seed", options.seed().get());
        }
        json.writeEndObject();
    }

    private static boolean isSetOtherwise(ModelOptions options, String name) {
        return switch (name) {
            case "temperature" -> options.temperature().isPresent();
            case "num_predict" -> options.maxTokens().isPresent();
            case "seed" -> options.seed().isPresent();
            default -> false;
        };
    }

    private static void value(JsonGenerator json, String name, Object value) throws IOException {
        json.writeFieldName(name);
        value(json, value);
    }

    private static void value(JsonGenerator json, Object value) throws IOException {
        switch (value) {
            case String text -> json.writeString(text);
            case Boolean truth -> json.writeBoolean(truth);
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case Number number -> json.writeNumber(number.doubleValue());
            case Iterable<?> many -> {
                json.writeStartArray();
                for (Object one : many) {
                    value(json, one);
                }
                json.writeEndArray();
            }
            case Map<?, ?> fields -> {
                json.writeStartObject();
                for (Map.Entry<?, ?> field : fields.entrySet()) {
                    value(json, String.valueOf(field.getKey()), field.getValue());
                }
                json.writeEndObject();
            }
            default -> throw new LlmException(
                    Kind.REJECTED,
                    "Expected options that are numbers, texts or truths, found a "
                            + value.getClass().getSimpleName());
        }
    }
}
