package dev.parley.client;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The token: where it comes from, and when the next one is due. */
final class Credentials {

    private final Loop loop;
    private final Executor workers;
    private final Optional<TokenSource> source;
    private volatile Optional<String> used = Optional.empty();
    private Loop.Timer timer = Loop.Timer.NONE;

    Credentials(Loop loop, Executor workers, Optional<String> fixed, Optional<TokenSource> source) {
        this.loop = loop;
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

    /** The token to use now. */
    CompletableFuture<Optional<String>> token() {
        if (source.isEmpty()) {
            return CompletableFuture.completedFuture(used);
        }
        CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
        workers.execute(() -> {
            try {
                used = Optional.ofNullable(source.get().token());
                answer.complete(used);
            } catch (Exception fault) {
                answer.completeExceptionally(fault);
            }
        });
        return answer;
    }

    /** From now on this one. */
    void replace(Optional<String> token) {
        used = token;
    }

    /**
     * Calls {@code due} a minute, or the last fifth of its life, before the token expires. Both times are the server's, so that a wrong
     * clock here does no harm.
     */
    void watch(Optional<String> expiresAt, Optional<String> serverTime, Runnable due) {
        stop();
        Instant end = instant(expiresAt);
        Instant now = instant(serverTime);
        if (end == null || now == null || !end.isAfter(now)) {
            return;
        }
        Duration left = Duration.between(now, end);
        Duration early = left.minusMinutes(1);
        Duration most = left.multipliedBy(4).dividedBy(5);
        timer = loop.later(early.compareTo(most) > 0 ? early : most, due);
    }

    void stop() {
        timer.cancel();
    }

    private static @Nullable Instant instant(Optional<String> text) {
        try {
            return text.map(Instant::parse).orElse(null);
        } catch (DateTimeException none) {
            return null;
        }
    }
}
