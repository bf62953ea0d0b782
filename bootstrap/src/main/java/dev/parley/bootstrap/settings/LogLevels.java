package dev.parley.bootstrap.settings;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What is logged.
 *
 * @param root the level of everything else; empty where nothing was said
 * @param components levels by component
 */
public record LogLevels(Optional<System.Logger.Level> root, Map<String, System.Logger.Level> components) {

    /** Components of the log and the packages they stand for. */
    public static final Map<String, String> PACKAGES = packages();

    static final Kind<LogLevels> KIND = new Kind<>(
            "a level (off, error, warn, info, debug, trace) and component=level for some of "
                    + String.join(", ", PACKAGES.keySet()) + ", separated by commas",
            LogLevels::read);

    public LogLevels {
        components = Map.copyOf(components);
    }

    private static Map<String, String> packages() {
        Map<String, String> packages = new LinkedHashMap<>();
        packages.put("engine", "dev.parley.application");
        packages.put("protocols", "dev.parley.protocols");
        packages.put("host", "dev.parley.adapter.websocket");
        packages.put("rest", "dev.parley.adapter.rest");
        packages.put("store", "dev.parley.adapter.embedded");
        packages.put("mongo", "dev.parley.adapter.mongo");
        packages.put("redis", "dev.parley.adapter.redis");
        packages.put("model", "dev.parley.adapter.ollama");
        packages.put("auth", "dev.parley.adapter.jwt");
        packages.put("metrics", "dev.parley.adapter.micrometer");
        packages.put("start", "dev.parley.bootstrap");
        packages.put("libraries", "org");
        return java.util.Collections.unmodifiableMap(packages);
    }

    private static LogLevels read(String text) {
        List<System.Logger.Level> roots = new ArrayList<>();
        Map<String, System.Logger.Level> components = new LinkedHashMap<>();
        for (String part : text.split(",")) {
            String[] sides = part.strip().split("=", -1);
            if (sides.length == 1) {
                roots.add(level(sides[0]));
            } else if (sides.length == 2 && PACKAGES.containsKey(sides[0].strip())) {
                components.put(sides[0].strip(), level(sides[1]));
            } else {
                throw new IllegalArgumentException(part);
            }
        }
        if (roots.size() > 1) {
            throw new IllegalArgumentException(text);
        }
        return new LogLevels(roots.stream().findFirst(), components);
    }

    private static System.Logger.Level level(String word) {
        return switch (word.strip().toLowerCase(Locale.ROOT)) {
            case "off" -> System.Logger.Level.OFF;
            case "error" -> System.Logger.Level.ERROR;
            case "warn", "warning" -> System.Logger.Level.WARNING;
            case "info" -> System.Logger.Level.INFO;
            case "debug" -> System.Logger.Level.DEBUG;
            case "trace" -> System.Logger.Level.TRACE;
            default -> throw new IllegalArgumentException(word);
        };
    }
}
