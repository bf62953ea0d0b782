package dev.parley.bootstrap.settings;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One entry of a list in the settings file. Every name that was not asked for is a fault in the end. */
final class Entry {

    private final String list;
    private final ConfigObject object;
    private final Source.File source;
    private final List<Fault> faults;
    private final Set<String> known = new HashSet<>();

    Entry(String list, ConfigObject object, Source.File source, List<Fault> faults) {
        this.list = list;
        this.object = object;
        this.source = source;
        this.faults = faults;
    }

    Source.File source() {
        return source;
    }

    void fault(String detail) {
        faults.add(new Fault(source, list, detail));
    }

    Optional<String> text(String name) {
        ConfigValue value = value(name);
        if (value == null || value.valueType() == ConfigValueType.NULL) {
            return Optional.empty();
        }
        if (value.valueType() == ConfigValueType.OBJECT || value.valueType() == ConfigValueType.LIST) {
            fault("expected text in " + name + ", found " + SettingsFile.word(value.valueType()));
            return Optional.empty();
        }
        return Optional.of(SettingsFile.text(value));
    }

    String required(String name) {
        return text(name).filter(text -> !text.isBlank()).orElseGet(() -> {
            fault("expected " + name + ", found none");
            return "?";
        });
    }

    List<String> texts(String name) {
        ConfigValue value = value(name);
        List<String> texts = new ArrayList<>();
        if (value instanceof ConfigList parts) {
            parts.forEach(part -> texts.add(SettingsFile.text(part)));
        } else if (value != null) {
            fault("expected a list in " + name + ", found " + SettingsFile.word(value.valueType()));
        }
        return texts;
    }

    /** Numbers, texts and truths by name. */
    Map<String, Object> options(String name) {
        ConfigValue value = value(name);
        Map<String, Object> options = new LinkedHashMap<>();
        if (value instanceof ConfigObject parts) {
            parts.forEach((key, part) -> {
                switch (part.valueType()) {
                    case NUMBER, BOOLEAN, STRING -> options.put(key, part.unwrapped());
                    case OBJECT, LIST, NULL -> fault("expected a number, text or truth in " + name + "." + key);
                }
            });
        } else if (value != null) {
            fault("expected { … } in " + name + ", found " + SettingsFile.word(value.valueType()));
        }
        return options;
    }

    /** Says what else is in it. */
    void end() {
        object.keySet()
                .stream()
                .filter(name -> !known.contains(name))
                .forEach(name -> fault("expected " + String.join(", ", known.stream().sorted().toList())
                        + ", found the unknown name " + name));
    }

    private @org.jspecify.annotations.Nullable ConfigValue value(String name) {
        known.add(name);
        return object.get(name);
    }
}
