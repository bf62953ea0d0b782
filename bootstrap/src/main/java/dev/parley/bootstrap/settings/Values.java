package dev.parley.bootstrap.settings;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The value of each setting and where it comes from, while they are gathered. Not safe for use by many threads. */
final class Values {

    /** One value. {@code text} as it was written */
    private record Value(Object value, String text, Source source) {}

    private static final String STARS = "*****";

    /** What stands before the host in an address: a name, and perhaps a password. */
    private static final Pattern USER = Pattern.compile("(?<=://)[^\\s,]*@|^[^\\s,/@:]+:(?!//)[^\\s,]*@");

    private final Map<Setting<?>, Value> chosen = new HashMap<>();
    private final List<Fault> faults;

    Values(List<Fault> faults) {
        this.faults = faults;
    }

    /** Takes {@code text} for {@code setting}; what is wrong with it is added to the faults. */
    <T> void put(Setting<T> setting, String text, Source source) {
        try {
            T value = setting.read(text);
            chosen.put(setting, new Value(java.util.Objects.requireNonNull(value), text, source));
        } catch (IllegalArgumentException | ArithmeticException malformed) {
            String found = setting.isSecret() ? "another value" : "\"" + masked(text) + "\"";
            faults.add(new Fault(source, setting.name(), "expected " + setting.expected() + ", found " + found));
            chosen.put(setting, new Value(java.util.Objects.requireNonNull(setting.standardValue()), text, source));
        }
    }

    /** As it may be shown: an address without whoever it is for. */
    private static String masked(String text) {
        return USER.matcher(text).replaceAll(STARS + "@");
    }

    boolean has(Setting<?> setting) {
        return chosen.containsKey(setting);
    }

    Source source(Setting<?> setting) {
        Value value = chosen.get(setting);
        return value == null ? new Source.Standard() : value.source();
    }

    @SuppressWarnings("unchecked") // put() is the only one that fills it
    <T> T get(Setting<T> setting) {
        Value value = chosen.get(setting);
        return value == null ? setting.standardValue() : (T) value.value();
    }

    List<Shown> shown() {
        List<Shown> all = new ArrayList<>();
        for (Setting<?> setting : SettingsTable.ALL) {
            Value value = chosen.get(setting);
            if (value == null) {
                all.add(new Shown(setting.name(), setting.standard(), new Source.Standard(), setting.standard()));
            } else {
                String text = setting.isSecret() ? STARS : masked(value.text());
                all.add(new Shown(setting.name(), text, value.source(), setting.standard()));
            }
        }
        return List.copyOf(all);
    }
}
