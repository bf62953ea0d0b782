package dev.parley.bootstrap.settings;

import dev.parley.adapter.embedded.words.WordFilter;
import dev.parley.adapter.embedded.words.WordList;
import dev.parley.domain.llm.Agent;
import dev.parley.domain.llm.ModelOptions;
import dev.parley.domain.project.Project;
import dev.parley.domain.project.ProjectId;
import dev.parley.protocols.rooms.Prices;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what only the settings file has, because it is more than one value, and adds what is wrong to the faults. */
final class SettingsLists {

    private final List<Fault> faults;

    SettingsLists(List<Fault> faults) {
        this.faults = faults;
    }

    List<Agent> agents(List<Entry> entries) {
        List<Agent> agents = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (Entry entry : entries) {
            String id = entry.required("id");
            if (!ids.add(id)) {
                entry.fault("expected different ids, found two called " + id);
            }
            Optional<String> name = entry.text("name");
            Optional<String> model = entry.text("model");
            Optional<String> prompt = entry.text("system_prompt");
            List<String> keywords = entry.texts("keywords");
            Map<String, Object> options = entry.options("options");
            entry.end();
            try {
                agents.add(new Agent(id, name.orElse(id), model, prompt.orElse(""), options(options), keywords));
            } catch (IllegalArgumentException wrong) {
                entry.fault(Fault.lowered(wrong));
            }
        }
        return agents;
    }

    private static ModelOptions options(Map<String, Object> given) {
        Map<String, Object> others = new LinkedHashMap<>(given);
        Optional<Number> temperature = number(others, "temperature");
        Optional<Number> maxTokens = number(others, "max_tokens");
        Optional<Number> seed = number(others, "seed");
        return new ModelOptions(
                temperature.map(Number::doubleValue),
                maxTokens.map(Number::intValue),
                seed.map(Number::longValue),
                others);
    }

    private static Optional<Number> number(Map<String, Object> options, String name) {
        Object value = options.remove(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof Number number) {
            return Optional.of(number);
        }
        throw new IllegalArgumentException("Expected a number in options." + name + ", found text");
    }

    List<Project> projects(List<Entry> entries) {
        List<Project> projects = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (Entry entry : entries) {
            String id = entry.required("id");
            if (!ids.add(id)) {
                entry.fault("expected different ids, found two called " + id);
            }
            Optional<String> name = entry.text("name");
            String data = entry.required("data");
            entry.end();
            try {
                projects.add(new Project(new ProjectId(id), name.orElse(id), data));
            } catch (IllegalArgumentException wrong) {
                entry.fault(Fault.lowered(wrong));
            }
        }
        return projects;
    }

    Prices prices(Map<String, SettingsFile.Text> written) {
        Map<String, Double> prices = new LinkedHashMap<>();
        written.forEach((model, price) -> {
            try {
                double dollars = Double.parseDouble(price.text());
                if (!(dollars >= 0 && dollars <= 1_000_000)) {
                    throw new NumberFormatException();
                }
                prices.put(model, dollars);
            } catch (NumberFormatException malformed) {
                faults.add(new Fault(
                        price.source(),
                        "prices." + model,
                        "expected US dollars for 1,000 tokens, found \"" + price.text() + "\""));
            }
        });
        return new Prices(prices);
    }

    /** What is looked for: the lists' words, and then the file's own. */
    List<String> words(List<WordList> lists, List<SettingsFile.Text> own) {
        List<String> words = new ArrayList<>();
        lists.forEach(list -> words.addAll(list.entries()));
        for (SettingsFile.Text word : own) {
            String fault = WordFilter.fault(word.text());
            if (fault.isEmpty()) {
                words.add(word.text());
            } else {
                faults.add(new Fault(word.source(), "words", fault + ", found \"" + word.text() + "\""));
            }
        }
        return words;
    }
}
