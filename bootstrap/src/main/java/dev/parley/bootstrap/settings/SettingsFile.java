package dev.parley.bootstrap.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The settings file: every setting by its own name, and what only a file can say. */
final class SettingsFile {

    /** A piece of text and where it stands. */
    record Text(String text, Source.File source) {}

    private final Path path;
    private final List<Fault> faults;
    private final Map<Setting<?>, Text> values = new LinkedHashMap<>();
    private final List<Entry> agents = new ArrayList<>();
    private final List<Entry> projects = new ArrayList<>();
    private final Map<String, Text> limits = new LinkedHashMap<>();
    private final Map<String, Text> prices = new LinkedHashMap<>();
    private final List<Text> words = new ArrayList<>();

    private SettingsFile(Path path, List<Fault> faults) {
        this.path = path;
        this.faults = faults;
    }

    /** Reads {@code path}; what is wrong with it is added to {@code faults}. */
    static SettingsFile read(Path path, List<Fault> faults) {
        SettingsFile file = new SettingsFile(path, faults);
        if (!Files.isReadable(path)) {
            faults.add(new Fault(
                    new Source.File(path.toString(), 0), "settings file", "expected a file that can be read, found none"));
            return file;
        }
        try {
            Config config = ConfigFactory.parseFile(
                    path.toFile(), ConfigParseOptions.defaults().setAllowMissing(false))
                    .resolve();
            config.root().forEach(file::take);
        } catch (ConfigException wrong) {
            faults.add(new Fault(file.at(wrong.origin()), "settings file", "expected HOCON, found: " + firstLine(wrong)));
        }
        return file;
    }

    Map<Setting<?>, Text> values() {
        return values;
    }

    List<Entry> agents() {
        return agents;
    }

    List<Entry> projects() {
        return projects;
    }

    Map<String, Text> limits() {
        return limits;
    }

    Map<String, Text> prices() {
        return prices;
    }

    List<Text> words() {
        return words;
    }

    private void take(String key, ConfigValue value) {
        switch (key) {
            case "agents" -> entries(key, value, agents);
            case "projects" -> entries(key, value, projects);
            case "limits" -> named("limits", value, limits);
            case "prices" -> named("prices", value, prices);
            case "words" -> texts(key, value, words);
            default -> setting(key, value);
        }
    }

    private void setting(String key, ConfigValue value) {
        Source.File at = at(value.origin());
        SettingsTable.named(key)
                .ifPresentOrElse(
                        setting -> scalar(setting, value, at),
                        () -> faults.add(new Fault(at, key, "expected the name of a setting" + nearest(key))));
    }

    private void scalar(Setting<?> setting, ConfigValue value, Source.File at) {
        if (values.containsKey(setting)) {
            faults.add(new Fault(at, setting.name(), "expected the setting once, found it under two names"));
            return;
        }
        switch (value.valueType()) {
            case NUMBER, BOOLEAN, STRING -> values.put(setting, new Text(text(value), at));
            case LIST -> {
                List<String> parts = new ArrayList<>();
                ((ConfigList) value).forEach(part -> parts.add(text(part)));
                values.put(setting, new Text(String.join(",", parts), at));
            }
            case OBJECT, NULL -> faults.add(new Fault(
                    at, setting.name(), "expected " + setting.expected() + ", found " + word(value.valueType())));
        }
    }

    private void entries(String key, ConfigValue value, List<Entry> into) {
        if (!(value instanceof ConfigList list)) {
            faults.add(new Fault(at(value.origin()), key, "expected a list, found " + word(value.valueType())));
            return;
        }
        for (ConfigValue one : list) {
            if (one instanceof ConfigObject object) {
                into.add(new Entry(key, object, at(one.origin()), faults));
            } else {
                faults.add(new Fault(at(one.origin()), key, "expected { … }, found " + word(one.valueType())));
            }
        }
    }

    private void texts(String key, ConfigValue value, List<Text> into) {
        if (!(value instanceof ConfigList list)) {
            faults.add(new Fault(at(value.origin()), key, "expected a list, found " + word(value.valueType())));
            return;
        }
        for (ConfigValue one : list) {
            switch (one.valueType()) {
                case NUMBER, BOOLEAN, STRING -> into.add(new Text(text(one), at(one.origin())));
                case OBJECT, LIST, NULL -> faults.add(
                        new Fault(at(one.origin()), key, "expected text, found " + word(one.valueType())));
            }
        }
    }

    private void named(String key, ConfigValue value, Map<String, Text> into) {
        if (value instanceof ConfigObject object) {
            object.forEach((name, one) -> into.put(name, new Text(text(one), at(one.origin()))));
        } else {
            faults.add(new Fault(at(value.origin()), key, "expected { … }, found " + word(value.valueType())));
        }
    }

    private Source.File at(ConfigOrigin origin) {
        return new Source.File(path.toString(), origin == null ? 0 : Math.max(0, origin.lineNumber()));
    }

    static String text(ConfigValue value) {
        Object plain = value.unwrapped();
        return plain == null ? "" : String.valueOf(plain);
    }

    static String word(ConfigValueType type) {
        return switch (type) {
            case OBJECT -> "{ … }";
            case LIST -> "a list";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            case NULL -> "null";
            case STRING -> "text";
        };
    }

    private static String firstLine(ConfigException wrong) {
        String message = String.valueOf(wrong.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }

    private static String nearest(String key) {
        String upper = key.toUpperCase(java.util.Locale.ROOT).replace('-', '_').replace('.', '_');
        return SettingsTable.named(upper)
                .map(setting -> ", found nothing like it; " + setting.name() + " is one")
                .orElse(", found one that nobody knows");
    }
}
