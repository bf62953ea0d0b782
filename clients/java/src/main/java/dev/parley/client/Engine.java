package dev.parley.client;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The client's insides: reads what the server sends and keeps connection, outbox, requests and replies in step, on the client's thread. */
@SuppressWarnings("FutureReturnValueIgnored") // what comes of each is told on the client's thread
final class Engine implements Connection.Owner, Replies.Owner {

    private static final System.Logger LOG = System.getLogger("dev.parley.client");
    private static final Duration MAKING_UP = Duration.ofSeconds(5);
    /** Frames about a reply, of no use without its name. */
    private static final Set<String> OF_REPLIES = Set.of("queued", "stream_start", "stream_chunk", "stream_end");

    final Loop loop;
    final Executor workers;
    final Settings settings;
    final Address address;
    final Credentials credentials;
    final Connection connection;
    final Requests requests;
    final Outbox outbox;
    final Replies replies;
    final Telemetry telemetry;
    final Rest rest;
    final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Answers answers;
    private final Renewal renewal;
    private final Settling settling;
    volatile Optional<Frame> info = Optional.empty();
    volatile Optional<String> cursor;
    private final Supplier<Backoff> backoffs;
    private final Recent recent = new Recent();
    private boolean entered;
    /** The message under way when a reload came: what became of it may be told nowhere but in its acknowledgement. */
    private Optional<String> unsure = Optional.empty();
    private boolean resuming;
    private Loop.Timer resumeTimer = Loop.Timer.NONE;
    private Optional<Loop.Timer> gapTimer = Optional.empty();
    private long typedAt;
    private boolean typed;

    Engine(Loop loop, Executor workers, HttpClient http, HttpClient sockets, Settings settings, Address address,
            Credentials credentials,
            Storage storage, String session, Optional<String> since) {
        this.loop = loop;
        this.workers = workers;
        this.answers = new Answers(loop, workers);
        this.settings = settings;
        this.address = address;
        this.credentials = credentials;
        this.cursor = since;
        RandomGenerator chance = RandomGenerator.getDefault();
        this.backoffs = () -> new Backoff(settings.backoffBase(), settings.backoffCap(), chance);
        this.rest = new Rest(loop, http, credentials, backoffs, settings.askDeadline());
        this.telemetry = new Telemetry(measure -> tell(listener -> listener.telemetry(measure)));
        this.replies = new Replies(this::expect, this);
        this.connection = new Connection(loop, workers, http, sockets, settings, address, credentials, chance, this);
        this.renewal = new Renewal(loop, credentials, connection, telemetry, backoffs, fresh -> refresh(fresh));
        this.settling = new Settling(loop, replies, this::stored, this::giveUp, backoffs);
        this.requests = new Requests(loop, this::send, settings.askDeadline());
        this.outbox = new Outbox(
                loop, storage, "parley:outbox:" + session + "/", settings, this::send,
                (sent, change) -> {
                    if (change == Listener.Outgoing.REFUSED) {
                        sent.expected().ifPresent(telemetry::forgotten);
                    }
                    tell(listener -> listener.outgoing(sent, change));
                });
        outbox.restore(frame -> new Sent(frame, expected(frame), workers));
    }

    Reply expect() {
        return new Reply(workers, this::stopReply);
    }

    /** The reply to come, unless none is asked for. */
    Optional<Reply> expected(Frame message) {
        boolean silent = Boolean.FALSE.equals(message.fields().get("reply"));
        return silent ? Optional.empty() : Optional.of(expect());
    }

    /** Asks the server, from any thread. */
    CompletableFuture<Frame> ask(Frame frame, boolean again) {
        CompletableFuture<Frame> answer = new CompletableFuture<>();
        on(() -> {
            requests.ask(frame, again, answer);
            return true;
        }).exceptionally(fault -> answer.completeExceptionally(fault));
        return elsewhere(answer);
    }

    <T> CompletableFuture<T> on(Supplier<T> work) {
        return answers.on(work);
    }

    <T> CompletableFuture<T> elsewhere(CompletableFuture<T> answer) {
        return answers.elsewhere(answer);
    }

    /** The client's thread takes nothing more. */
    void end() {
        answers.end();
    }

    void open() {
        if (connection.state().status() == State.Status.CLOSED) {
            requests.reopened();
            rest.reopened();
            outbox.reopened();
            replies.open().forEach(Reply::revive);
        }
        connection.open();
    }

    CompletableFuture<List<String>> stop(Optional<String> messageId) {
        return ask(Frame.ofType("stop").with("message_id", messageId), true).thenApply(answer -> answer.texts("stopped"));
    }

    private CompletableFuture<List<String>> stopReply(Reply reply) {
        if (reply.messageId().isPresent()) {
            return stop(reply.messageId());
        }
        CompletableFuture<Optional<Sent>> known = on(() -> {
            Optional<Sent> sent =
                    outbox.sents().stream().filter(each -> each.expected().equals(Optional.of(reply))).findFirst();
            boolean back = sent.map(each -> outbox.withdraw(each.id())).orElse(false);
            return sent.filter(each -> !back);
        });
        return elsewhere(known).thenCompose(sent -> reply.refusal().isPresent()
                ? CompletableFuture.completedFuture(List.<String>of())
                : sent.<CompletableFuture<?>>map(Sent::accepted)
                        .orElseGet(() -> CompletableFuture.completedFuture(""))
                        .thenCompose(stored -> stop(reply.messageId().or(reply::questionId))));
    }

    /** Without a token of its own, with one of the token source. */
    CompletableFuture<Void> refresh(Optional<String> token) {
        CompletableFuture<Optional<String>> fresh =
                on(() -> token.isPresent() ? CompletableFuture.completedFuture(token) : credentials.token())
                        .thenCompose(coming -> coming);
        return elsewhere(fresh.thenCompose(given -> on(() -> {
            credentials.replace(given);
            return connection.renew(given);
        }).thenCompose(byFrame -> byFrame && given.isPresent()
                ? ask(Frame.ofType("refresh").with("token", given), false).thenAccept(answer -> {})
                : CompletableFuture.completedFuture(null))));
    }

    /** At most every three seconds, and not at all without a connection. */
    void typing(boolean now) {
        boolean lately = typed && System.nanoTime() - typedAt < Duration.ofSeconds(3).toNanos();
        if (now ? lately : !typed) {
            return;
        }
        typed = now;
        typedAt = System.nanoTime();
        connection.send(Frame.ofType("typing").with("is_typing", now));
    }

    void tell(Consumer<Listener> what) {
        for (Listener listener : listeners) {
            try {
                what.accept(listener);
            } catch (RuntimeException | Error fault) {
                LOG.log(System.Logger.Level.ERROR, "A listener failed", fault);
            }
        }
    }

    @Override
    public Place place() {
        entered = cursor.isPresent();
        return new Place(cursor, replies.positions());
    }

    @Override
    public boolean idle() {
        return replies.running().isEmpty() && requests.waiting() == 0 && outbox.sents().isEmpty();
    }

    @Override
    public void frame(Frame frame) {
        String type = frame.type();
        Optional<String> id = frame.text("message_id");
        if (OF_REPLIES.contains(type) && id.isEmpty()) {
            return;
        }
        if (recent.repeated(frame)) {
            telemetry.repeated();
            return;
        }
        switch (type) {
            case "connected" -> connected(frame);
            case "ack" -> acknowledged(frame);
            case "error" -> refused(frame);
            default -> {
                news(type, id.orElse(""), frame);
                cursor = frame.text("cursor").or(() -> cursor);
                tell(listener -> listener.frame(frame));
            }
        }
    }

    private void news(String type, String id, Frame frame) {
        switch (type) {
            case "stream_chunk" -> replies.chunk(id, frame);
            case "stream_start" -> replies.start(id, frame);
            case "stream_end" -> replies.end(id, frame);
            case "queued" -> replies.queued(id, frame);
            case "message" -> {
                if (frame.text("role").equals(Optional.of("assistant"))) {
                    replies.whole(frame);
                }
            }
            case "resumed" -> resumed(frame);
            case "history", "quota", "pong" -> requests.answer(frame);
            case "refreshed" -> {
                requests.answer(frame);
                renewal.watch(frame);
            }
            default -> {}
        }
    }

    private void connected(Frame frame) {
        boolean resumes = entered && !frame.truth("polled");
        // When resuming, its cursor is ahead of what has arrived here; `resumed` says when that is made up for.
        if (!entered) {
            cursor = frame.text("cursor").or(() -> cursor);
        }
        telemetry.connected();
        info = frame.truth("polled") ? info.or(() -> Optional.of(frame)) : Optional.of(frame);
        renewal.watch(frame);
        resuming = resumes;
        if (resumes) {
            resumeTimer = loop.later(MAKING_UP, this::live);
        } else {
            live();
        }
        tell(listener -> listener.connected(info.orElse(frame)));
    }

    private void resumed(Frame frame) {
        if (!frame.truth("recovered")) {
            tell(Listener::reload);
            unsure = outbox.sents().stream().findFirst().map(Sent::id);
            settling.begin();
        }
        if (resuming) {
            live();
        }
    }

    /** What was missed is here; now what waited may go. */
    private void live() {
        resumeTimer.cancel();
        resuming = false;
        requests.connected();
        outbox.opened();
    }

    private void acknowledged(Frame frame) {
        // Its cursor is not taken: what others did before may still be on its way here.
        Optional<Sent> sent = outbox.accept(frame);
        if (sent.isEmpty()) {
            requests.answer(frame);
        }
        sent.flatMap(Sent::expected).ifPresent(reply -> named(reply, frame));
    }

    /** Its end may have come before anybody knew whose it was, or to a connection that is no more. */
    private void named(Reply reply, Frame ack) {
        Optional<String> id = ack.text("reply_id");
        replies.bind(reply, id, ack.text("message_id"));
        boolean early = id.isPresent() && replies.cameEarly(id.get());
        if (early || ack.truth("duplicate") || unsure.isPresent() && unsure.equals(ack.text("id"))) {
            id.ifPresent(settling::settle);
        }
    }

    private void refused(Frame frame) {
        if (outbox.refuse(frame) || requests.answer(frame)) {
            return;
        }
        ParleyException error = ParleyException.of(frame);
        replies.get(error.messageId()).ifPresent(reply -> reply.fault(error));
        tell(listener -> listener.error(error));
    }

    @Override
    public void lost(End end) {
        resuming = false;
        resumeTimer.cancel();
        gapTimer.ifPresent(Loop.Timer::cancel);
        gapTimer = Optional.empty();
        typed = false;
        telemetry.lost();
        int code = end.code().orElse(0);
        if (code == 1009) {
            outbox.refuseFlying("MESSAGE_TOO_LONG", "The message is larger than the server takes");
        }
        if (code == 1007) {
            outbox.refuseFlying("BAD_REQUEST", "The server could not read the message");
        }
        outbox.lost();
        requests.lost();
    }

    @Override
    public void state(State state) {
        boolean closed = state.status() == State.Status.CLOSED;
        if (closed) {
            closed(state.error().orElseGet(ParleyException::closed));
        }
        tell(listener -> listener.state(state));
        if (closed) {
            tell(listener -> listener.closed(state.error()));
        }
    }

    private void closed(ParleyException why) {
        credentials.stop();
        settling.stop();
        requests.closed(why);
        rest.closed(why);
        outbox.closed(why);
        replies.open().forEach(reply -> reply.refuse(why));
        lost(End.because("closed"));
    }

    @Override
    public void changed(Reply reply, Listener.Change change, String delta) {
        telemetry.changed(reply, change, connection.state().transport());
        tell(listener -> listener.reply(reply, change, delta));
    }

    @Override
    public void duplicate(Reply reply) {
        telemetry.duplicate(reply);
    }

    @Override
    public void takenOver(Reply reply, Reply other) {
        telemetry.takenOver(reply, other);
    }

    /** Asks for what is missing; a server that does not fill it on this connection does so on the next. */
    @Override
    public void gap(Reply reply) {
        if (gapTimer.isPresent()) {
            return;
        }
        int known = reply.length();
        telemetry.gap(reply);
        connection.send(Frame.ofType("resume")
                .with("since", cursor)
                .with("streams", Map.of(reply.messageId().orElse(""), known)));
        gapTimer = Optional.of(loop.later(settings.gapDeadline(), () -> {
            gapTimer = Optional.empty();
            if (!reply.ended() && reply.length() <= known) {
                connection.reopen("text is missing");
            }
        }));
    }

    private CompletableFuture<Frame> stored(String message) {
        return rest.ask(address.rest("/api/chat/messages/" + Address.encoded(message)));
    }

    /** Nothing more will come of a reply. */
    private void giveUp(Reply reply, ParleyException why) {
        replies.forget(reply);
        telemetry.forgotten(reply);
        reply.refuse(why);
    }

    private boolean send(Frame frame) {
        return !resuming && connection.send(frame);
    }
}
