package dev.parley.client;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/** Has the token replaced before it expires. Used on the client's thread only. */
@SuppressWarnings("FutureReturnValueIgnored") // what comes of each is told on the client's thread
final class Renewal {

    private final Loop loop;
    private final Credentials credentials;
    private final Connection connection;
    private final Telemetry telemetry;
    private final Supplier<Backoff> backoffs;
    private final Function<Optional<String>, CompletableFuture<Void>> refresh;

    /** @param refresh gives the open connection a new token */
    Renewal(Loop loop, Credentials credentials, Connection connection, Telemetry telemetry, Supplier<Backoff> backoffs,
            Function<Optional<String>, CompletableFuture<Void>> refresh) {
        this.loop = loop;
        this.credentials = credentials;
        this.connection = connection;
        this.telemetry = telemetry;
        this.backoffs = backoffs;
        this.refresh = refresh;
    }

    /** The server says until when the token lasts. */
    void watch(Frame frame) {
        if (credentials.renewable() && frame.text("expires_at").isPresent()) {
            credentials.watch(frame.text("expires_at"), frame.text("server_time"), this::due);
        }
    }

    private void due(Duration left, Duration life) {
        renew(new Due(System.nanoTime() + left.toNanos(), life, backoffs.get(), telemetry.totals().connections()));
    }

    /**
     * A token that is about to expire.
     *
     * @param until when it does
     * @param life how long it lasts from its beginning
     * @param connection which one it is for; a later one has a token and a watch of its own
     */
    private record Due(long until, Duration life, Backoff backoff, int connection) {}

    /** Tries until there is a newer token, or this one has expired; then the server says so. */
    private void renew(Due due) {
        Optional<String> used = credentials.used();
        credentials.token()
                .thenCompose(fresh -> past(due) || fresh.isEmpty() || fresh.equals(used)
                        ? CompletableFuture.completedFuture(false)
                        : refresh.apply(fresh).thenApply(done -> true))
                .whenComplete((done, fault) -> loop.run(() -> {
                    if (!past(due)) {
                        renewed(due, used, fault == null && done, fault != null);
                    }
                }));
    }

    private void renewed(Due due, Optional<String> used, boolean done, boolean failed) {
        if (done) {
            if (connection.state().transport().equals(Optional.of("poll"))) {
                // Who polls is not told how long the new one lasts: as long as the last, it may be hoped.
                credentials.lasts(due.life(), this::due);
            }
            return;
        }
        if (failed) {
            credentials.replace(used);
        }
        Duration wait = due.backoff().next();
        if (due.until() - System.nanoTime() > wait.toNanos()) {
            credentials.later(wait, () -> renew(due));
        }
    }

    private boolean past(Due due) {
        return connection.state().status() == State.Status.CLOSED || due.connection() != telemetry.totals().connections();
    }
}
