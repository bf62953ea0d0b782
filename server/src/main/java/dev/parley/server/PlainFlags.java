package dev.parley.server;

import dev.parley.bootstrap.settings.Setting;
import dev.parley.bootstrap.settings.Settings;
import dev.parley.bootstrap.settings.SettingsSources;
import dev.parley.bootstrap.settings.SettingsTable;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A command line that serves and only sets settings, {@code serve --port 8080}, read without the library of command lines: making
 * that ready takes a tenth of a start. Everything else is left to it, mistakes too.
 */
final class PlainFlags {

    private static final List<String> SPECIAL = List.of("-", "@");

    private PlainFlags() {}

    /** The settings to serve with; empty where the command line says anything else or something is wrong. */
    static Optional<Settings> settings(String... arguments) {
        return values(arguments).flatMap(values -> {
            Optional<Path> file = Optional.ofNullable(values.remove(SettingFlags.CONFIG)).map(Path::of);
            return Settings.read(SettingsSources.ofProcess(named(values), file)) instanceof Settings.Reading.Good good
                    ? Optional.of(good.settings())
                    : Optional.empty();
        });
    }

    /** Values by their flags. */
    private static Optional<Map<String, String>> values(String... arguments) {
        Set<String> flags = new HashSet<>(Set.of(SettingFlags.CONFIG));
        SettingsTable.ALL.forEach(setting -> flags.add(setting.flag()));
        Map<String, String> values = new LinkedHashMap<>();
        int at = arguments.length > 0 && arguments[0].equals("serve") ? 1 : 0;
        while (at < arguments.length) {
            String[] parts = arguments[at].split("=", 2);
            boolean apart = parts.length == 1 && at + 1 < arguments.length;
            String value = parts.length == 2 ? parts[1] : apart ? arguments[at + 1] : "";
            if (!flags.remove(parts[0]) || value.isEmpty() || SPECIAL.contains(value.substring(0, 1))) {
                return Optional.empty();
            }
            values.put(parts[0], value);
            at += apart ? 2 : 1;
        }
        return Optional.of(values);
    }

    private static Map<String, String> named(Map<String, String> flags) {
        Map<String, String> values = new LinkedHashMap<>();
        for (Setting<?> setting : SettingsTable.ALL) {
            String value = flags.get(setting.flag());
            if (value != null) {
                values.put(setting.name(), value);
            }
        }
        return values;
    }
}
