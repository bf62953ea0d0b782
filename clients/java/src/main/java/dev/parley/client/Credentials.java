package dev.parley.client;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/** The token: where it comes from, and when the next one is due. */
final class Credentials {

    private static final Duration LONGEST = Duration.ofDays(1);

    private final BiFunction<Duration, Runnable, Loop.Timer> timers;
    private final Executor workers;
    private final Optional<TokenSource> source;
    private volatile Optional<String> used = Optional.empty();
    private Loop.Timer timer = Loop.Timer.NONE;
    /** The server's time when the clock of this machine stood at nothing. */
    private Optional<Instant> began = Optional.empty();

    Credentials(
            BiFunction<Duration, Runnable, Loop.Timer> timers, Executor workers, Optional<String> fixed,
            Optional<TokenSource> source) {
        this.timers = timers;
        this.workers = workers;
        this.source = source;
        this.used = fixed;
    }

    /** Whether asking again can give another token. */
    boolean renewable() {
        return source.isPresent();
    }

    /** The token last given out. */
    Optional<String> used() {
        return used;
    }

    /** The token to use now; fails with {@code NO_TOKEN} when there is none to be had. */
    CompletableFuture<Optional<String>> token() {
        if (source.isEmpty()) {
            return CompletableFuture.completedFuture(used);
        }
        CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
        workers.execute(() -> {
            try {
                used = Optional.ofNullable(source.get().token());
                answer.complete(used);
            } catch (Throwable fault) { // nobody may wait for ever
                answer.completeExceptionally(ParleyException.tokenless(fault));
            }
        });
        return answer;
    }

    /** From now on this one. */
    void replace(Optional<String> token) {
        used = token;
    }

    /**
     * Calls {@code due} a minute, or the last fifth of its life, before the token expires, with the time that is left and the time that
     * there was. It goes by the server's clock, so that a wrong one here does no harm.
     */
    void watch(Optional<String> expiresAt, Optional<String> serverTime, BiConsumer<Duration, Duration> due) {
        instant(serverTime).ifPresent(told -> began = Optional.of(told.minusNanos(System.nanoTime())));
        Optional<Instant> now = began.map(begin -> begin.plusNanos(System.nanoTime()));
        lasts(
                instant(expiresAt).flatMap(end -> now.map(time -> Duration.between(time, end))).orElse(Duration.ZERO), due);
    }

    /** The same, where it is known how long the token lasts from now on. */
    void lasts(Duration life, BiConsumer<Duration, Duration> due) {
        stop();
        if (!life.isPositive()) {
            return;
        }
        Duration minute = life.minusMinutes(1);
        Duration fifth = life.multipliedBy(4).dividedBy(5);
        Duration early = minute.compareTo(fifth) > 0 ? minute : fifth;
        after(early, () -> due.accept(life.minus(early), life));
    }

    /** Calls back then instead. */
    void later(Duration delay, Runnable act) {
        stop();
        after(delay, act);
    }

    /** Timers count in nanoseconds; what is much later takes several of them. */
    private void after(Duration delay, Runnable act) {
        timer = delay.compareTo(LONGEST) > 0
                ? timers.apply(LONGEST, () -> after(delay.minus(LONGEST), act))
                : timers.apply(delay, act);
    }

    void stop() {
        timer.cancel();
    }

    private static Optional<Instant> instant(Optional<String> text) {
        try {
            return text.map(Instant::parse);
        } catch (DateTimeException none) {
            return Optional.empty();
        }
    }
}
