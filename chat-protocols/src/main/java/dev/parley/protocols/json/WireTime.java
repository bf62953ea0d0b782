package dev.parley.protocols.json;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times as they stand on the wire. */
public final class WireTime {

    private static final DateTimeFormatter MILLISECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private WireTime() {}

    /** RFC 3339 in UTC with milliseconds. */
    public static String format(Instant instant) {
        return MILLISECONDS.format(instant);
    }

    /** Seconds with milliseconds. */
    public static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    /** Whole seconds, rounded up, so that whoever waits for so long has waited long enough. */
    public static long wholeSeconds(Duration duration) {
        return duration.isNegative() ? 0 : duration.plusNanos(999_999_999).toSeconds();
    }
}
