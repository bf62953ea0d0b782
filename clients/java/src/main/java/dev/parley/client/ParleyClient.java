package dev.parley.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One person's place in one session of a Parley server. Everything works offline too: what can wait, waits. May be used by any number of
 * threads.
 */
public final class ParleyClient implements AutoCloseable {

    private final Engine engine;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http;
    private final HttpClient sockets;
    private final boolean ownHttp;
    private final String sessionId;

    ParleyClient(ParleyClientBuilder builder) {
        this.sessionId = builder.session;
        this.ownHttp = builder.http.isEmpty();
        this.http = builder.http.orElseGet(() -> made(builder, threads));
        // With threads in between, the library loses the end of a WebSocket that comes right behind a frame.
        this.sockets = builder.http.orElseGet(() -> made(builder, Runnable::run));
        Loop loop = new Loop();
        Executor workers = task -> {
            try {
                threads.execute(task);
            } catch (RejectedExecutionException over) {
                // After the end whoever asks is answered at once.
                task.run();
            }
        };
        Address address = new Address(builder.server, sessionId, builder.query);
        Credentials credentials = new Credentials(loop::later, workers, builder.token, builder.tokens);
        this.engine = new Engine(
                loop, workers, http, sockets, builder.settings(), address, credentials, builder.storage, sessionId,
                builder.since);
    }

    /** @param server http, https, ws or wss, with the path before Parley's own if there is one */
    public static ParleyClientBuilder to(URI server) {
        return new ParleyClientBuilder(server);
    }

    public String sessionId() {
        return sessionId;
    }

    /** What the server last said in {@code connected}: session, user, members, limits. */
    public Optional<Frame> info() {
        return engine.info;
    }

    public State state() {
        return engine.connection.state();
    }

    /** Where this client stands in the session's changes; {@code since} of a later client. */
    public Optional<String> cursor() {
        return engine.cursor;
    }

    /** Messages that are not acknowledged yet, oldest first. */
    public List<Sent> pending() {
        return engine.outbox.sents();
    }

    /** The replies under way in this session, whoever asked. */
    public List<Reply> running() {
        return engine.replies.lately().stream().filter(reply -> !reply.ended()).toList();
    }

    /** What this client has lived through so far. */
    public Totals totals() {
        return engine.telemetry.totals();
    }

    /** What is answered takes the listener off again. */
    public Runnable listen(Listener listener) {
        engine.listeners.add(listener);
        return () -> engine.listeners.remove(listener);
    }

    /** Completes at the first connection; fails when the server refuses for good. Coming back later is the client's business. */
    public CompletableFuture<Frame> connect() {
        CompletableFuture<Frame> answer = new CompletableFuture<>();
        Listener ears = new Listener() {
            @Override
            public void connected(Frame info) {
                answer.complete(info);
            }

            @Override
            public void closed(Optional<ParleyException> error) {
                answer.completeExceptionally(error.orElseGet(ParleyException::closed));
            }
        };
        Runnable off = listen(ears);
        engine.on(() -> {
            if (state().status() == State.Status.CONNECTED) {
                engine.info.ifPresent(answer::complete);
            }
            engine.open();
            return true;
        }).exceptionally(fault -> answer.completeExceptionally(fault));
        return engine.elsewhere(answer.whenComplete((info, fault) -> off.run()));
    }

    /** Begins to connect, without waiting. */
    public void open() {
        engine.loop.run(engine::open);
    }

    /** Tries again now instead of at the announced time. */
    public void retry() {
        engine.loop.run(engine.connection::retry);
    }

    /** Sends a message, now or when there is a connection, until the server has stored or refused it. */
    public Sent send(String content) {
        return send(content, draft -> {});
    }

    /** The same, with what {@code more} adds to it. */
    public Sent send(String content, Consumer<Draft> more) {
        Draft draft = new Draft(content, UUID.randomUUID().toString());
        more.accept(draft);
        Frame frame = draft.frame();
        // What cannot be written is its sender's matter, now and not when it is sent.
        Json.write(frame);
        Sent sent = new Sent(frame, engine.expected(frame), engine.workers);
        try {
            engine.loop.execute(() -> {
                sent.expected().ifPresent(engine.telemetry::asked);
                engine.outbox.add(sent);
            });
        } catch (RejectedExecutionException over) {
            throw ParleyException.closed();
        }
        return sent;
    }

    /** Sends and waits for the whole answer; fails where the reply did. */
    public CompletableFuture<String> ask(String content) {
        return ask(content, draft -> {});
    }

    /** The same, with what {@code more} adds to it. */
    public CompletableFuture<String> ask(String content, Consumer<Draft> more) {
        return send(content, more).reply().finished().thenApply(reply -> {
            if (reply.status() == Reply.Status.FAILED) {
                throw reply.error().orElseGet(() -> new ParleyException("MODEL_FAILED", "The reply failed"));
            }
            return reply.text();
        });
    }

    /** Takes an unsent message back; completes with false when it is already under way. */
    public CompletableFuture<Boolean> withdraw(String id) {
        return engine.elsewhere(engine.on(() -> engine.outbox.withdraw(id)));
    }

    /** Stops whatever runs or waits; completes with the ids of what was stopped. */
    public CompletableFuture<List<String>> stop() {
        return engine.stop(Optional.empty());
    }

    /** Stops a reply, named by its own or its question's id. */
    public CompletableFuture<List<String>> stop(String messageId) {
        return engine.stop(Optional.of(messageId));
    }

    public CompletableFuture<Reply> regenerate(String messageId) {
        return regenerate(messageId, Optional.empty(), Optional.empty());
    }

    /** The same by another agent or model. */
    public CompletableFuture<Reply> regenerate(String messageId, Optional<String> agent, Optional<String> model) {
        Frame frame = about("regenerate", messageId).with("agent", agent).with("model", model);
        return engine.ask(frame, false).thenCompose(ack -> newReply(ack, Optional.empty()));
    }

    public CompletableFuture<Void> edit(String messageId, String content) {
        Frame frame = about("edit", messageId).with("content", content);
        return engine.ask(frame, true)
                .thenAccept(ack -> own(about("edited", messageId).with("content", content).with("edited_by", user())));
    }

    /** Edits the latest question and asks it anew. */
    public CompletableFuture<Reply> editAndRegenerate(String messageId, String content) {
        Frame frame = about("edit", messageId).with("content", content).with("regenerate", true);
        return engine.ask(frame, false).thenCompose(ack -> newReply(ack, Optional.of(messageId)));
    }

    public CompletableFuture<Void> remove(String messageId) {
        return engine.ask(about("delete", messageId), true)
                .thenAccept(ack -> own(about("deleted", messageId).with("deleted_by", user())));
    }

    /** Sets or takes back this user's reaction. */
    public CompletableFuture<Void> react(String messageId, String emoji) {
        Frame frame = about("react", messageId).with("emoji", emoji);
        return engine.ask(frame, false)
                .thenAccept(ack -> own(about("reaction", messageId).with("emoji", emoji).with("user_id", user())));
    }

    /** @param rating from 1 to 5 */
    public CompletableFuture<Void> feedback(String messageId, Optional<Boolean> helpful, Optional<Integer> rating) {
        Frame frame = about("feedback", messageId).with("helpful", helpful).with("rating", rating);
        return engine.ask(frame, true).thenAccept(ack -> own(frame.with("user_id", user())));
    }

    public CompletableFuture<Void> seen(String messageId) {
        return engine.ask(about("seen", messageId), true).thenAccept(ack -> {});
    }

    /** Call it on every key; it is told at most every three seconds, and not at all without a connection. */
    public void typing(boolean isTyping) {
        engine.loop.run(() -> engine.typing(isTyping));
    }

    /** {@code messages} oldest first, {@code total}, and {@code next} to go on with. */
    public CompletableFuture<Frame> history(Range range) {
        Map<String, Object> frame = new LinkedHashMap<>(range.fields());
        frame.put("type", "history");
        return engine.ask(new Frame(frame), true);
    }

    /** {@code messages} of this session with all these words, newest first, and their {@code total}. */
    public CompletableFuture<Frame> search(String words, int limit) {
        return search(words, Range.newest(limit));
    }

    /** The same from some way down the list: {@link Range#offset}, here counted from the newest. */
    public CompletableFuture<Frame> search(String words, Range range) {
        Map<String, String> asked = new LinkedHashMap<>(Map.of("q", words));
        range.fields().forEach((name, value) -> asked.put(name, String.valueOf(value)));
        return engine.elsewhere(engine.rest.ask(engine.address.session("search", asked)));
    }

    /** Who is here now, each with {@code user_id} and {@code name}. */
    public CompletableFuture<List<Frame>> presence() {
        return engine.elsewhere(engine.rest.ask(engine.address.session("presence", Map.of())))
                .thenApply(answer -> answer.parts("present"));
    }

    /** Brings a file to the server, to be named in a message by its {@code attachment_id}. */
    public CompletableFuture<Frame> upload(Path file, String name, String type) {
        return bring(CompletableFuture.supplyAsync(() -> Form.of(file, name, type, Optional.empty()), engine.workers));
    }

    /** The same with what is in memory. */
    public CompletableFuture<Frame> upload(byte[] content, String name, String type) {
        return bring(CompletableFuture.completedFuture(Form.of(content, name, type, Optional.empty())));
    }

    /** Like {@link #upload(Path, String, String)}, and it appears in the session at once. */
    public CompletableFuture<Frame> show(Path file, String name, String type) {
        return bring(CompletableFuture.supplyAsync(() -> Form.of(file, name, type, Optional.of(sessionId)), engine.workers));
    }

    /** {@code used} of {@code limit}, and the seconds it is reset in ({@code reset_in}). */
    public CompletableFuture<Frame> quota() {
        return engine.ask(Frame.ofType("quota"), true);
    }

    /** The time to the server and back. */
    public CompletableFuture<Duration> ping() {
        long begin = System.nanoTime();
        return engine.ask(Frame.ofType("ping"), false).thenApply(pong -> Duration.ofNanos(System.nanoTime() - begin));
    }

    /** Gives the open connection a new token. */
    public CompletableFuture<Void> refresh(String token) {
        return engine.refresh(Optional.of(token));
    }

    /** Gives the open connection a new token of the token source. */
    public CompletableFuture<Void> refresh() {
        return engine.refresh(Optional.empty());
    }

    /**
     * Ends the connection and whatever waits for an answer; what is unsent stays in the storage. Who has closed a client does not open it
     * again but makes another; one that the server closed can be connected again.
     */
    @Override
    public void close() {
        CountDownLatch done = new CountDownLatch(1);
        try {
            engine.loop.execute(() -> {
                try {
                    if (state().status() != State.Status.CLOSED) {
                        engine.connection.close(Optional.empty());
                    }
                } finally {
                    done.countDown();
                }
            });
            engine.loop.end();
            if (!Thread.currentThread().getName().equals("parley-client")) {
                done.await(2, TimeUnit.SECONDS);
            }
        } catch (RejectedExecutionException over) {
            return;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        engine.end();
        threads.shutdown();
        if (ownHttp) {
            // What says goodbye may still do so; the client's own threads end after it.
            http.shutdown();
            sockets.shutdown();
        }
    }

    private static HttpClient made(ParleyClientBuilder builder, Executor executor) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(builder.openDeadline)
                .executor(executor)
                .build();
    }

    private CompletableFuture<Frame> bring(CompletableFuture<Form> made) {
        return engine.elsewhere(made.thenCompose(
                form -> engine.rest.bring(engine.address.rest("/api/chat/uploads"), request -> request
                        .header("Content-Type", form.contentType())
                        .POST(HttpRequest.BodyPublishers.concat(form.parts())))));
    }

    private CompletableFuture<Reply> newReply(Frame ack, Optional<String> question) {
        Optional<String> id = ack.text("reply_id");
        return engine.elsewhere(engine.on(() -> {
            Reply reply = engine.replies.get(id).orElseGet(engine::expect);
            if (reply.messageId().isEmpty()) {
                engine.replies.bind(reply, id, question.or(() -> ack.text("message_id")));
            }
            return reply;
        }));
    }

    /** The server tells the others; the one who did it hears it from the acknowledgement. */
    private void own(Frame frame) {
        engine.loop.run(() -> engine.tell(listener -> listener.frame(frame.with("local", true))));
    }

    private Optional<String> user() {
        return info().flatMap(each -> each.text("user_id"));
    }

    private static Frame about(String type, String messageId) {
        return Frame.ofType(type).with("message_id", messageId);
    }
}
