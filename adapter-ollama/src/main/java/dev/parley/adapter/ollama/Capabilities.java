package dev.parley.adapter.ollama;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.parley.domain.error.LlmException;
import dev.parley.domain.llm.Model;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks {@code /api/show} what a model can do where the list of models does not say. A model that nobody can tell of has no
 * capabilities, and is asked about again.
 */
final class Capabilities {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MOST_KNOWN = 200;

    /** A model that was pulled anew has another size, most likely. */
    private record Key(String name, long bytes) {}

    private final Wires wires;
    private final OllamaSettings settings;
    private final Map<Key, Set<String>> known = new ConcurrentHashMap<>();

    Capabilities(Wires wires, OllamaSettings settings) {
        this.wires = wires;
        this.settings = settings;
    }

    /** The model with what it can do. */
    Model of(Model model) {
        if (!model.capabilities().isEmpty()) {
            return model;
        }
        Key key = new Key(model.name(), model.bytes());
        Set<String> found = known.getOrDefault(key, Set.of());
        if (found.isEmpty()) {
            found = shown(model.name());
            if (known.size() >= MOST_KNOWN) {
                known.clear();
            }
            known.put(key, found);
        }
        return new Model(model.name(), model.family(), model.parameterSize(), model.bytes(), found);
    }

    private Set<String> shown(String name) {
        try {
            Brief response = Brief.post(wires, settings, "/api/show", question(name), PATIENCE);
            return response.status() == 200 ? read(response.body()) : Set.of();
        } catch (IOException | LlmException untold) {
            return Set.of();
        }
    }

    private static byte[] question(String name) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = Json.FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("model", name);
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static Set<String> read(byte[] body) throws IOException {
        Set<String> capabilities = new LinkedHashSet<>();
        try (JsonParser json = Json.FACTORY.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Set.of();
            }
            for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                JsonToken value = json.nextToken();
                if (field.equals("capabilities") && value == JsonToken.START_ARRAY) {
                    while (json.nextToken() == JsonToken.VALUE_STRING) {
                        capabilities.add(json.getText());
                    }
                } else {
                    json.skipChildren();
                }
            }
        }
        return capabilities;
    }
}
