package dev.parley.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** What is asked outside the connection: plain requests with the token, asked once more with a new one when it has run out. */
@SuppressWarnings("FutureReturnValueIgnored") // what comes of each is told on the client's thread
final class Rest {

    private static final int TRIES = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Loop loop;
    private final HttpClient http;
    private final Credentials credentials;
    private final Supplier<Backoff> backoffs;

    Rest(Loop loop, HttpClient http, Credentials credentials, Supplier<Backoff> backoffs) {
        this.loop = loop;
        this.http = http;
        this.credentials = credentials;
        this.backoffs = backoffs;
    }

    CompletableFuture<Frame> ask(URI uri) {
        return ask(uri, HttpRequest.Builder::GET);
    }

    /** The answer, tried for again while the server cannot be reached or is full. */
    CompletableFuture<Frame> ask(URI uri, UnaryOperator<HttpRequest.Builder> method) {
        return ask(uri, method, backoffs.get(), false);
    }

    private CompletableFuture<Frame> ask(URI uri, UnaryOperator<HttpRequest.Builder> method, Backoff backoff, boolean renewed) {
        CompletableFuture<Optional<String>> token = credentials.used().isPresent()
                ? CompletableFuture.completedFuture(credentials.used())
                : credentials.token();
        return token.thenCompose(given -> once(uri, method, given)
                .exceptionallyCompose(fault -> again(uri, method, backoff, renewed, given, error(fault))));
    }

    private CompletionStage<Frame> again(
            URI uri,
            UnaryOperator<HttpRequest.Builder> method,
            Backoff backoff,
            boolean renewed,
            Optional<String> token,
            ParleyException error) {
        int status = error.status().orElse(0);
        if (status == 401 && credentials.renewable() && !renewed) {
            CompletableFuture<Optional<String>> fresh = credentials.used().equals(token)
                    ? credentials.token()
                    : CompletableFuture.completedFuture(credentials.used());
            return fresh.thenCompose(given -> ask(uri, method, backoff, true));
        }
        if ((error.code().equals("OFFLINE") || status == 503) && backoff.failures() < TRIES - 1) {
            Duration least = error.retryAfter().orElse(Duration.ZERO);
            Duration own = backoff.next();
            CompletableFuture<Frame> later = new CompletableFuture<>();
            loop.later(own.compareTo(least) > 0 ? own : least, () -> ask(uri, method, backoff, renewed)
                    .whenComplete((answer, fault) -> {
                        if (fault == null) {
                            later.complete(answer);
                        } else {
                            later.completeExceptionally(fault);
                        }
                    }));
            return later;
        }
        return CompletableFuture.failedFuture(error);
    }

    private CompletableFuture<Frame> once(URI uri, UnaryOperator<HttpRequest.Builder> method, Optional<String> token) {
        HttpRequest.Builder request =
                method.apply(HttpRequest.newBuilder(uri).version(HttpClient.Version.HTTP_1_1).timeout(PATIENCE));
        token.ifPresent(given -> request.header("Authorization", "Bearer " + given));
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString()).thenApply(answer -> {
            if (answer.statusCode() / 100 != 2) {
                throw ParleyException.of(answer.statusCode(), answer.headers(), answer.body());
            }
            return Json.frame(answer.body())
                    .orElseThrow(() -> new ParleyException("OFFLINE", "Something else than the server answers"));
        });
    }

    static ParleyException error(Throwable fault) {
        Throwable cause = fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
        return cause instanceof ParleyException known
                ? known
                : new ParleyException("OFFLINE", "The server cannot be reached: " + cause);
    }
}
