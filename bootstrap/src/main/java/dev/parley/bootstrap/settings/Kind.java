package dev.parley.bootstrap.settings;

import dev.parley.protocols.admission.TrustedProxies;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the text of a setting is read.
 *
 * @param expected what the text must look like, to stand behind "expected"
 * @param reading throws {@link IllegalArgumentException} for a text that looks otherwise
 */
record Kind<T>(String expected, Function<String, T> reading) {

    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,15})\\s*([A-Za-z]*)");
    private static final Pattern QUOTA = Pattern.compile("(\\d{1,9})\\s*/\\s*(.+)");
    private static final String OFF = "off";

    T read(String text) {
        return reading.apply(text.strip());
    }

    /** This kind, or {@code off} for {@code none}. */
    Kind<T> orOff(T none) {
        return new Kind<>(expected + ", or off", text -> off(text) ? none : read(text));
    }

    /** This kind where {@code off} means that there is nothing. */
    Kind<Optional<T>> optional() {
        return new Kind<>(expected + ", or off", text -> off(text) ? Optional.empty() : Optional.of(read(text)));
    }

    /** This kind where {@code forever} means that there is no end. */
    Kind<Optional<T>> orForever() {
        return new Kind<>(
                expected + ", or forever",
                text -> text.equalsIgnoreCase("forever") ? Optional.empty() : Optional.of(read(text)));
    }

    static Kind<String> text(String expected) {
        return new Kind<>(expected, Function.identity());
    }

    /** Text that must match; the whole of it. */
    static Kind<String> matching(String expected, Pattern pattern) {
        return new Kind<>(expected, text -> {
            require(pattern.matcher(text).matches());
            return text;
        });
    }

    static Kind<Boolean> truth() {
        return new Kind<>("true or false", text -> switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "1" -> true;
            case "false", "no", "off", "0" -> false;
            default -> throw new IllegalArgumentException(text);
        });
    }

    static Kind<Integer> count(int least, int most) {
        String range = most == Integer.MAX_VALUE ? " from " + least : " from " + least + " to " + most;
        return new Kind<>("a whole number" + range, text -> {
            int number = Integer.parseInt(text);
            require(number >= least && number <= most);
            return number;
        });
    }

    /** @param bare what a number without a unit counts */
    static Kind<Duration> duration(ChronoUnit bare, Duration least) {
        String unit = bare == ChronoUnit.MILLIS ? "milliseconds" : "seconds";
        String range = least.isZero() ? "" : " of at least " + written(least);
        return new Kind<>(
                "a duration" + range + " such as 500ms, 30s, 5m, 2h or 7d (a bare number counts " + unit + ")",
                text -> {
                    Duration read = durationOf(text, bare);
                    require(read.compareTo(least) >= 0);
                    return read;
                });
    }

    /** Bytes. */
    static Kind<Integer> size(int least) {
        return new Kind<>("a size of at least " + least + " bytes such as 64KB, 2MB or 1GB, below 2GB", text -> {
            long bytes = bytesOf(text);
            require(bytes >= least && bytes <= Integer.MAX_VALUE);
            return (int) bytes;
        });
    }

    /** A size that need not fit into memory. */
    static Kind<Long> bytes(long least) {
        return new Kind<>("a size of at least " + least + " bytes such as 64KB, 2MB or 1GB", text -> {
            long bytes = bytesOf(text);
            require(bytes >= least);
            return bytes;
        });
    }

    static <E extends Enum<E>> Kind<E> choice(Class<E> type) {
        Map<String, E> choices = new LinkedHashMap<>();
        for (E value : type.getEnumConstants()) {
            choices.put(value.name().toLowerCase(Locale.ROOT), value);
        }
        return choice(choices);
    }

    private static <T> Kind<T> choice(Map<String, T> choices) {
        return new Kind<>("one of " + String.join(", ", choices.keySet()), text -> {
            T chosen = choices.get(text.toLowerCase(Locale.ROOT));
            if (chosen == null) {
                throw new IllegalArgumentException(text);
            }
            return chosen;
        });
    }

    /** Parts between commas. */
    static <T> Kind<List<T>> list(String expected, Kind<T> part) {
        return new Kind<>(expected, text -> {
            List<T> parts = new ArrayList<>();
            for (String one : text.split(",")) {
                if (!one.isBlank()) {
                    parts.add(part.read(one));
                }
            }
            return List.copyOf(parts);
        });
    }

    /** An address that {@code check} takes without throwing. */
    static Kind<String> address(String expected, Consumer<String> check) {
        return new Kind<>(expected, text -> {
            check.accept(text);
            return text;
        });
    }

    /** A list of parts, or {@code none}. */
    static <T> Kind<List<T>> listOrNone(String expected, Kind<T> part) {
        Kind<List<T>> list = list(expected, part);
        return new Kind<>(expected, text -> text.equalsIgnoreCase("none") ? List.of() : list.read(text));
    }

    static Kind<URI> url() {
        return new Kind<>("an address such as http://host:11434", text -> {
            URI url = URI.create(text);
            require(("http".equals(url.getScheme()) || "https".equals(url.getScheme())) && url.getHost() != null);
            return url;
        });
    }

    /** Somebody who listens: {@code host:port}. */
    static Kind<InetSocketAddress> listener() {
        return new Kind<>("a host and a port such as localhost:3310", text -> {
            URI url = URI.create("tcp://" + text);
            require(url.getHost() != null && url.getPort() > 0 && url.getPort() < 65_536);
            require(url.getRawAuthority().equals(text) && url.getRawUserInfo() == null);
            return InetSocketAddress.createUnresolved(url.getHost(), url.getPort());
        });
    }

    static Kind<String> network() {
        return new Kind<>("a network such as 10.0.0.0/8", text -> {
            TrustedProxies.of(List.of(text));
            return text;
        });
    }

    /** So many in so long: {@code 100/1m}. */
    static Kind<Limit> quota() {
        return new Kind<>("a number in a time such as 100/1m", text -> {
            Matcher parts = QUOTA.matcher(text);
            require(parts.matches());
            Duration window = durationOf(parts.group(2), ChronoUnit.SECONDS);
            int permits = Integer.parseInt(parts.group(1));
            require(permits >= 1 && !window.isZero());
            return new Limit(permits, window);
        });
    }

    /** So many in so long. */
    record Limit(int permits, Duration window) {}

    /** A duration as it is written in settings. */
    static String written(Duration duration) {
        long millis = duration.toMillis();
        if (millis == 0) {
            return "0";
        }
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    private static Duration durationOf(String text, ChronoUnit bare) {
        Matcher parts = AMOUNT.matcher(text);
        require(parts.matches());
        ChronoUnit unit = switch (parts.group(2)) {
            case "" -> bare;
            case "ms" -> ChronoUnit.MILLIS;
            case "s" -> ChronoUnit.SECONDS;
            case "m" -> ChronoUnit.MINUTES;
            case "h" -> ChronoUnit.HOURS;
            case "d" -> ChronoUnit.DAYS;
            default -> throw new IllegalArgumentException(text);
        };
        Duration read = Duration.of(Long.parseLong(parts.group(1)), unit);
        require(read.compareTo(Duration.ofDays(36_500)) <= 0);
        return read;
    }

    private static long bytesOf(String text) {
        Matcher parts = AMOUNT.matcher(text);
        require(parts.matches());
        long factor = switch (parts.group(2).toUpperCase(Locale.ROOT)) {
            case "", "B" -> 1;
            case "K", "KB", "KIB" -> 1L << 10;
            case "M", "MB", "MIB" -> 1L << 20;
            case "G", "GB", "GIB" -> 1L << 30;
            default -> throw new IllegalArgumentException(text);
        };
        return Math.multiplyExact(Long.parseLong(parts.group(1)), factor);
    }

    private static boolean off(String text) {
        return text.strip().equalsIgnoreCase(OFF);
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException();
        }
    }

}
