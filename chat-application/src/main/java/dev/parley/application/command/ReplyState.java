package dev.parley.application.command;

import dev.parley.domain.message.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a reply stands.
 *
 * @param message the reply as it is stored; one that runs has no text there yet
 * @param waiting whether it runs without having begun: it waits for its turn, or for a place
 * @param progress how much of it there is, from 0 to 1; 0 as long as nobody can know
 * @param length how long its text is, in UTF-16 code units
 * @param bytes how long its text is in UTF-8
 * @param tokens how many tokens its text has: as the model says, and about {@link #tokensIn} where it does not
 * @param startedAt when its run began; when it was asked for where that is not known
 * @param endedAt when it ended
 * @param firstText from the beginning of the run to the first text
 * @param took from the beginning of the run to its end, or until now
 */
public record ReplyState(
        Message message,
        boolean waiting,
        double progress,
        int length,
        long bytes,
        int tokens,
        Instant startedAt,
        Optional<Instant> endedAt,
        Optional<Duration> firstText,
        Duration took) {

    private static final int UNITS_PER_TOKEN = 4;

    /** What a model would count in {@code length} code units of text, roughly. */
    public static int tokensIn(int length) {
        return Math.ceilDiv(length, UNITS_PER_TOKEN);
    }

    /** Since its first text; 0 where nothing was written, or in no time. */
    public double tokensPerSecond() {
        return perSecond(tokens);
    }

    /** Since its first text; 0 where nothing was written, or in no time. */
    public double bytesPerSecond() {
        return perSecond(bytes);
    }

    private double perSecond(long amount) {
        long nanos = took.minus(firstText.orElse(Duration.ZERO)).toNanos();
        return nanos <= 0 ? 0 : amount * 1e9 / nanos;
    }
}
