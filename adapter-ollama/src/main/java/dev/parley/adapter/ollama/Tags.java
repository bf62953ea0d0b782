package dev.parley.adapter.ollama;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.parley.domain.error.LlmException;
import dev.parley.domain.error.LlmException.Kind;
import dev.parley.domain.llm.Model;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** Asks {@code /api/tags} which models there are, and remembers it for a moment. */
final class Tags {

    private record Known(List<Model> models, Instant at) {}

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PROBE_PATIENCE = Duration.ofSeconds(1);

    private final Wires wires;
    private final OllamaSettings settings;
    private final InstantSource clock;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile Optional<Known> known = Optional.empty();

    Tags(Wires wires, OllamaSettings settings, InstantSource clock) {
        this.wires = wires;
        this.settings = settings;
        this.clock = clock;
    }

    List<Model> models() {
        Optional<Known> before = fresh();
        if (before.isPresent()) {
            return before.get().models;
        }
        asking.lock();
        try {
            Optional<Known> meanwhile = fresh();
            if (meanwhile.isPresent()) {
                return meanwhile.get().models;
            }
            List<Model> models = ask();
            known = Optional.of(new Known(models, clock.instant()));
            return models;
        } finally {
            asking.unlock();
        }
    }

    boolean reachable() {
        try {
            return Brief.get(wires, settings, "/api/version", PROBE_PATIENCE).status() == 200;
        } catch (LlmException e) {
            return false;
        }
    }

    private Optional<Known> fresh() {
        Instant now = clock.instant();
        return known.filter(before -> !now.isBefore(before.at) && now.isBefore(before.at.plus(settings.catalogAge())));
    }

    private List<Model> ask() {
        Brief response = Brief.get(wires, settings, "/api/tags", PATIENCE);
        if (response.status() != 200) {
            throw Refusals.refused(response.status(), "");
        }
        try (JsonParser json = Json.FACTORY.createParser(response.body())) {
            return chatModelsFirst(read(json));
        } catch (IOException e) {
            throw new LlmException(Kind.FAILED, "Expected a list of models, found what cannot be read", e);
        }
    }

    private static List<Model> chatModelsFirst(List<Model> models) {
        List<Model> sorted = new ArrayList<>(models);
        sorted.sort((one, other) -> Boolean.compare(onlyEmbeds(one), onlyEmbeds(other)));
        return List.copyOf(sorted);
    }

    /** Servers before capabilities were listed leave the name and the family to go by. */
    private static boolean onlyEmbeds(Model model) {
        if (!model.capabilities().isEmpty()) {
            return !model.capabilities().contains("completion");
        }
        return model.name().toLowerCase(Locale.ROOT).contains("embed")
                || model.family().toLowerCase(Locale.ROOT).contains("bert");
    }

    private static List<Model> read(JsonParser json) throws IOException {
        List<Model> models = new ArrayList<>();
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new IOException("Expected a JSON object");
        }
        for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
            JsonToken value = json.nextToken();
            if (field.equals("models") && value == JsonToken.START_ARRAY) {
                while (json.nextToken() == JsonToken.START_OBJECT) {
                    new Entry().read(json).ifPresent(models::add);
                }
            } else {
                json.skipChildren();
            }
        }
        return models;
    }

    /** One model as the server lists it. */
    private static final class Entry {

        private String name = "";
        private String family = "";
        private String parameterSize = "";
        private long size;
        private final Set<String> capabilities = new LinkedHashSet<>();

        Optional<Model> read(JsonParser json) throws IOException {
            for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                JsonToken value = json.nextToken();
                switch (field) {
                    case "name" -> name = text(json, value);
                    case "size" -> size = value == JsonToken.VALUE_NUMBER_INT ? json.getLongValue() : 0;
                    case "details" -> details(json, value);
                    case "capabilities" -> capabilities(json, value);
                    default -> json.skipChildren();
                }
            }
            return name.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Model(name, family, parameterSize, size, capabilities));
        }

        private void details(JsonParser json, JsonToken value) throws IOException {
            if (value != JsonToken.START_OBJECT) {
                json.skipChildren();
                return;
            }
            for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                JsonToken inner = json.nextToken();
                switch (field) {
                    case "family" -> family = text(json, inner);
                    case "parameter_size" -> parameterSize = text(json, inner);
                    default -> json.skipChildren();
                }
            }
        }

        private void capabilities(JsonParser json, JsonToken value) throws IOException {
            if (value != JsonToken.START_ARRAY) {
                json.skipChildren();
                return;
            }
            for (JsonToken one = json.nextToken(); one != JsonToken.END_ARRAY; one = json.nextToken()) {
                String text = text(json, one);
                if (!text.isEmpty()) {
                    capabilities.add(text);
                }
            }
        }

        private static String text(JsonParser json, JsonToken value) throws IOException {
            if (value == JsonToken.VALUE_STRING) {
                return json.getText();
            }
            json.skipChildren();
            return "";
        }
    }
}
