package dev.parley.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is asked outside the connection: plain requests with the token, asked once more with a new one when it has run out. Each ends in
 * time, and with the client at the latest. Used by any thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what comes of each is told by the answer
final class Rest {

    private static final int TRIES = 4;
    /** A file may take that many times as long as a question. */
    private static final int UPLOAD = 10;

    /** A question on its way to its answer. */
    private record Question(
            URI uri, UnaryOperator<HttpRequest.Builder> method, Backoff backoff, CompletableFuture<Frame> answer) {}

    private final Loop loop;
    private final HttpClient http;
    private final Credentials credentials;
    private final Supplier<Backoff> backoffs;
    private final Duration deadline;
    private final Map<Object, CompletableFuture<Frame>> open = new ConcurrentHashMap<>();
    private volatile Optional<ParleyException> closed = Optional.empty();

    Rest(Loop loop, HttpClient http, Credentials credentials, Supplier<Backoff> backoffs, Duration deadline) {
        this.loop = loop;
        this.http = http;
        this.credentials = credentials;
        this.backoffs = backoffs;
        this.deadline = deadline;
    }

    /** The answer, tried for again while the server cannot be reached or is full. */
    CompletableFuture<Frame> ask(URI uri) {
        return ask(uri, HttpRequest.Builder::GET, deadline);
    }

    /** The same for what brings a file. */
    CompletableFuture<Frame> bring(URI uri, UnaryOperator<HttpRequest.Builder> method) {
        return ask(uri, method, deadline.multipliedBy(UPLOAD));
    }

    /** Nothing can be asked any more, until {@link #reopened}. */
    void closed(ParleyException why) {
        closed = Optional.of(why);
        open.values().forEach(answer -> answer.completeExceptionally(why));
    }

    void reopened() {
        closed = Optional.empty();
    }

    private CompletableFuture<Frame> ask(URI uri, UnaryOperator<HttpRequest.Builder> method, Duration time) {
        CompletableFuture<Frame> answer = new CompletableFuture<>();
        Object name = new Object();
        open.put(name, answer);
        Loop.Timer timer =
                loop.later(time, () -> answer.completeExceptionally(new ParleyException("TIMEOUT", "No answer in time")));
        answer.whenComplete((found, fault) -> {
            open.remove(name);
            timer.cancel();
        });
        closed.ifPresent(answer::completeExceptionally);
        if (answer.isDone()) {
            return answer;
        }
        Question question = new Question(uri, method, backoffs.get(), answer);
        attempt(question, credentials.used().isPresent() ? used() : credentials.token(), false);
        return answer;
    }

    private CompletableFuture<Optional<String>> used() {
        return CompletableFuture.completedFuture(credentials.used());
    }

    private void attempt(Question question, CompletableFuture<Optional<String>> token, boolean renewed) {
        then(question, token, given -> send(question, given)
                .whenComplete((response, fault) -> settle(question, given, renewed, response, fault)));
    }

    private CompletableFuture<HttpResponse<String>> send(Question question, Optional<String> token) {
        if (question.answer().isDone()) {
            return new CompletableFuture<>();
        }
        HttpRequest.Builder request =
                question.method().apply(HttpRequest.newBuilder(question.uri()).version(HttpClient.Version.HTTP_1_1));
        token.ifPresent(given -> request.header("Authorization", "Bearer " + given));
        CompletableFuture<HttpResponse<String>> exchange =
                http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
        question.answer().whenComplete((found, fault) -> exchange.cancel(true));
        return exchange;
    }

    private void settle(
            Question question,
            Optional<String> token,
            boolean renewed,
            @Nullable HttpResponse<String> response,
            @Nullable Throwable fault) {
        if (response == null) {
            failed(question, token, renewed, new ParleyException("OFFLINE", "The server cannot be reached: " + cause(fault)));
        } else if (response.statusCode() / 100 != 2) {
            ParleyException error = ParleyException.of(response.statusCode(), response.headers(), response.body());
            failed(question, token, renewed, error);
        } else {
            Json.frame(response.body())
                    .ifPresentOrElse(
                            question.answer()::complete,
                            () -> failed(question, token, renewed,
                                    new ParleyException("OFFLINE", "Something else than the server answers")));
        }
    }

    private void failed(Question question, Optional<String> token, boolean renewed, ParleyException error) {
        int status = error.status().orElse(0);
        if (question.answer().isDone()) {
            return;
        }
        if (status == 401 && credentials.renewable() && !renewed) {
            attempt(question, credentials.used().equals(token) ? credentials.token() : used(), true);
        } else if ((error.code().equals("OFFLINE") || status == 503) && question.backoff().failures() < TRIES - 1) {
            Duration least = error.retryAfter().orElse(Duration.ZERO);
            Duration own = question.backoff().next();
            Loop.Timer timer =
                    loop.later(own.compareTo(least) > 0 ? own : least, () -> attempt(question, used(), renewed));
            question.answer().whenComplete((found, fault) -> timer.cancel());
        } else {
            question.answer().completeExceptionally(error);
        }
    }

    /** Goes on with what comes; whatever goes wrong before or in that is the answer. */
    private static <T> void then(Question question, CompletableFuture<T> coming, Consumer<T> act) {
        coming.thenAccept(act).exceptionally(fault -> {
            question.answer().completeExceptionally(cause(fault));
            return null;
        });
    }

    /** What went wrong, without what futures wrap it in. */
    static Throwable cause(@Nullable Throwable fault) {
        if (fault instanceof CompletionException && fault.getCause() != null) {
            return fault.getCause();
        }
        return fault == null ? new IllegalStateException("Expected an answer or a fault") : fault;
    }
}
