package dev.parley.client;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Plays one scenario's steps with the client, and writes down what came about. */
final class ScenarioPlayer implements AutoCloseable {

    private static final long PATIENCE = 120;
    private static final Pattern REFERENCE = Pattern.compile("\\$(\\w+)\\.(\\w+)");

    private final Scenarios scenarios;
    private final URI server;
    private final Frame task;
    private final Map<String, ScenarioPerson> people = new LinkedHashMap<>();
    private final Map<String, Storage> storages = new HashMap<>();
    private final Map<String, Sent> sents = new LinkedHashMap<>();
    private final Map<String, CompletableFuture<Receipt>> accepted = new LinkedHashMap<>();
    private final Map<String, Read> replies = new ConcurrentHashMap<>();
    private final Map<String, Object> results = new LinkedHashMap<>();
    private final Map<String, CompletableFuture<?>> calls = new LinkedHashMap<>();

    ScenarioPlayer(Scenarios scenarios, URI server, Frame task) {
        this.scenarios = scenarios;
        this.server = server;
        this.task = task;
    }

    List<String> play() throws Exception {
        for (Frame step : task.parts("steps")) {
            step(step);
        }
        for (ScenarioPerson person : people.values()) {
            // What the client's thread has begun to tell is told after that.
            person.client.withdraw("nothing").exceptionally(closed -> false).get(PATIENCE, TimeUnit.SECONDS);
        }
        return scenarios.tell(task.text("id").orElseThrow(), "report", report()).texts("differences");
    }

    @Override
    public void close() {
        people.values().forEach(person -> person.client.close());
    }

    private void step(Frame step) throws Exception {
        String name = step.text("client").orElse("one");
        ScenarioPerson person = people.computeIfAbsent(name, each -> made(each, Optional.empty()));
        ParleyClient client = person.client;
        String as = step.text("as").orElse("");
        switch (step.text("do").orElseThrow()) {
            case "connect" -> outcome(step, client::connect);
            case "open" -> client.open();
            case "close" -> client.close();
            case "fresh" -> {
                client.close();
                people.put(name, made(name, client.cursor()));
            }
            case "send" -> {
                Sent sent = client.send(step.text("content").orElseThrow(), draft -> fill(draft, step.part("with")));
                sents.put(as, sent);
                accepted.put(as, sent.accepted());
                sent.expected().ifPresent(reply -> replies.put(as, new Read(reply, step.text("read").isPresent())));
            }
            case "overhear" -> overhear(client, as);
            case "begin" -> calls.put(as, call(client, step));
            case "regenerate" -> {
                Frame with = step.part("with").orElse(new Frame(Map.of()));
                Reply again = client.regenerate(
                        resolved(step.text("message").orElseThrow()), with.text("agent"), with.text("model"))
                        .get(PATIENCE, TimeUnit.SECONDS);
                replies.put(as, new Read(again, false));
            }
            case "stop" -> outcome(step, () -> step.text("reply")
                    .map(reply -> replies.get(reply).reply.stop())
                    .orElseGet(client::stop)
                    .thenApply(stopped -> Map.of("stopped", stopped)));
            case "call" -> outcome(step, () -> call(client, step));
            case "await" -> await(person, step);
            default -> scenarios.tell(task.text("id").orElseThrow(), step.text("do").orElseThrow(), step);
        }
    }

    /** Reads the first reply that is told of, with the object that is told. */
    private void overhear(ParleyClient client, String as) {
        client.listen(new Listener() {
            @Override
            public void reply(Reply reply, Change change, String delta) {
                replies.computeIfAbsent(as, each -> new Read(reply, false));
            }
        });
    }

    private CompletableFuture<?> call(ParleyClient client, Frame step) {
        List<?> given = (List<?>) step.fields().getOrDefault("args", List.of());
        Frame named = given.isEmpty() ? new Frame(Map.of()) : Frame.of(given.getLast()).orElse(new Frame(Map.of()));
        List<String> texts =
                given.stream().filter(String.class::isInstance).map(each -> resolved((String) each)).toList();
        return switch (step.text("method").orElseThrow()) {
            case "connect" -> client.connect();
            case "ask" -> client.ask(texts.getFirst(), draft -> fill(draft, Optional.of(named)))
                    .thenApply(text -> Map.of("text", text));
            case "stop" -> client.stop(texts.getFirst());
            case "regenerate" -> client.regenerate(texts.getFirst());
            case "withdraw" -> client.withdraw(texts.getFirst());
            case "history" -> client.history(new Range(named.fields()));
            case "search" -> client.search(texts.getFirst(), new Range(named.fields()));
            case "presence" -> client.presence().thenApply(present -> Map.of("present", present));
            case "quota" -> client.quota();
            case "ping" -> client.ping();
            case "edit" -> client.edit(texts.getFirst(), texts.getLast());
            case "react" -> client.react(texts.getFirst(), texts.getLast());
            case "seen" -> client.seen(texts.getFirst());
            case "remove" -> client.remove(texts.getFirst());
            case "feedback" -> client.feedback(
                    texts.getFirst(), Optional.of(named.truth("helpful")), named.whole("rating").map(Long::intValue));
            case "upload" -> client.upload(
                    named.text("text").orElseThrow().getBytes(StandardCharsets.UTF_8), named.text("name").orElseThrow(),
                    named.text("type").orElseThrow());
            case "typing" -> {
                client.typing(given.getFirst().equals(true));
                yield CompletableFuture.completedFuture("");
            }
            default -> throw new IllegalArgumentException("Expected a method, found " + step);
        };
    }

    private void fill(Draft draft, Optional<Frame> with) {
        Frame options = with.orElse(new Frame(Map.of()));
        if (Boolean.FALSE.equals(options.fields().get("reply"))) {
            draft.withoutReply();
        }
        if (Boolean.FALSE.equals(options.fields().get("stream"))) {
            draft.whole();
        }
        options.text("agent").ifPresent(draft::agent);
        if (options.fields().containsKey("attachments")) {
            draft.attachments(options.texts("attachments").stream().map(this::resolved).toList());
        }
    }

    private void outcome(Frame step, Callable<CompletableFuture<?>> act) throws Exception {
        Optional<String> fails = step.text("fails");
        try {
            Object result = act.call().get(PATIENCE, TimeUnit.SECONDS);
            if (fails.isPresent()) {
                throw new AssertionError("Expected " + fails.get() + ", but it went well");
            }
            boolean kept = result instanceof Frame || result instanceof Map<?, ?>;
            step.text("as").filter(as -> kept).ifPresent(as -> results.put(as, result));
        } catch (ExecutionException fault) {
            if (!(fault.getCause() instanceof ParleyException error) || !fails.equals(Optional.of(error.code()))) {
                throw fault;
            }
        }
    }

    /** What went wrong with something that was asked for, if anything did. */
    static Optional<String> failure(CompletableFuture<?> call) {
        if (!call.isCompletedExceptionally()) {
            return Optional.empty();
        }
        Throwable fault = call.exceptionNow();
        return Optional.of(fault instanceof ParleyException error ? error.code() : fault.toString());
    }

    private void await(ScenarioPerson person, Frame step) throws InterruptedException, TimeoutException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
        while (!met(person, step)) {
            if (System.nanoTime() > end) {
                throw new TimeoutException("waited in vain for " + step + " with " + Json.write(report()));
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private boolean met(ScenarioPerson person, Frame step) {
        State state = person.client.state();
        if (step.text("reply").isPresent()) {
            Read read = replies.get(step.text("reply").get());
            return read != null && read.over && read.finished.isDone();
        }
        if (step.text("call").isPresent()) {
            return calls.get(step.text("call").get()).isDone();
        }
        if (step.text("was").isPresent()) {
            return person.was(step.text("was").get());
        }
        if (step.text("token").isPresent()) {
            return person.askedFor(step.text("token").get());
        }
        if (step.text("sent").isPresent()) {
            Sent.Status status = sents.get(step.text("sent").get()).status();
            return status == Sent.Status.ACCEPTED || status == Sent.Status.REFUSED;
        }
        if (step.text("state").isPresent()) {
            return step.text("state").equals(Optional.of(lower(state.status())));
        }
        if (step.text("transport").isPresent()) {
            return state.status() == State.Status.CONNECTED && state.transport().equals(step.text("transport"));
        }
        if (step.fields().get("text") instanceof List<?> text) {
            return replies.get((String) text.getFirst()).shown().length() >= (Long) text.getLast();
        }
        if (step.fields().get("event") instanceof List<?> event) {
            return person.events.stream()
                    .filter(frame -> frame.type().equals(event.getFirst()))
                    .count() >= (Long) event.getLast();
        }
        return person.client.pending().size() == step.whole("pending").orElseThrow();
    }

    private Frame report() {
        Map<String, Object> report = new LinkedHashMap<>();
        people.forEach((name, person) -> report.put(name, person.report()));
        report.put("results", results);
        Map<String, Object> callReports = new LinkedHashMap<>();
        calls.forEach((name, call) -> callReports.put(name, new Frame(Map.of()).with("failed", failure(call))));
        report.put("calls", callReports);
        Map<String, Object> sentReports = new LinkedHashMap<>();
        sents.forEach((name, sent) -> sentReports.put(name, new Frame(Map.of("status", lower(sent.status())))
                .with("message_id", sent.receipt().map(Receipt::messageId))
                .with("duplicate", sent.receipt().map(Receipt::duplicate))
                .with("failed", failure(accepted.get(name)))
                .with("code", sent.error().map(ParleyException::code))));
        report.put("sents", sentReports);
        Map<String, Object> replyReports = new LinkedHashMap<>();
        replies.forEach((name, read) -> replyReports.put(name, read.report()));
        report.put("replies", replyReports);
        return new Frame(report);
    }

    private ScenarioPerson made(String name, Optional<String> since) {
        Map<String, Object> options = new LinkedHashMap<>(task.part("options").orElseThrow().fields());
        task.part("clients").flatMap(clients -> clients.part(name)).ifPresent(more -> options.putAll(more.fields()));
        Storage storage = storages.computeIfAbsent(name, each -> switch (new Frame(options).text("storage").orElse("good")) {
            case "failing" -> new WorseStorage.Failing();
            case "torn" -> new WorseStorage.Torn("parley:outbox:" + task.text("session_id").orElseThrow() + "/");
            default -> new MemoryStorage();
        });
        return new ScenarioPerson(
                ParleyClient.to(server).session(task.text("session_id").orElseThrow()).storage(storage),
                new Frame(options), task.part("tokens").orElseThrow(), since);
    }

    private String resolved(String value) {
        Matcher reference = REFERENCE.matcher(value);
        if (!reference.matches()) {
            return value;
        }
        String name = reference.group(1);
        return switch (reference.group(2)) {
            case "reply_id" -> replies.get(name).reply.messageId().orElseThrow();
            case "message_id" -> sents.get(name).receipt().orElseThrow().messageId();
            default -> ((Frame) results.get(name)).text(reference.group(2)).orElseThrow();
        };
    }

    static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** A reply and its reader, who asks for one piece at a time. */
    private static final class Read implements Flow.Subscriber<String> {
        private final Reply reply;
        private final CompletableFuture<Reply> finished;
        private final boolean slowly;
        private final List<String> pieces = new CopyOnWriteArrayList<>();
        private volatile Optional<String> failed = Optional.empty();
        private volatile boolean over;
        private Flow.Subscription subscription;

        Read(Reply reply, boolean slowly) {
            this.reply = reply;
            this.finished = reply.finished();
            this.slowly = slowly;
            reply.subscribe(this);
        }

        String shown() {
            return String.join("", pieces);
        }

        Frame report() {
            return new Frame(Map.of("status", lower(reply.status()), "text", reply.text(), "shown", shown(), "pieces",
                    pieces.size()))
                    .with("message_id", reply.messageId())
                    .with("finished", failure(finished).or(
                            () -> finished.isDone() ? Optional.of(lower(finished.join().status())) : Optional.empty()))
                    .with("failed", failed);
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(1);
        }

        @Override
        public void onNext(String piece) {
            pieces.add(piece);
            if (slowly) {
                CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS).execute(() -> subscription.request(1));
            } else {
                subscription.request(1);
            }
        }

        @Override
        public void onError(Throwable fault) {
            failed = Optional.of(fault instanceof ParleyException error ? error.code() : fault.toString());
            over = true;
        }

        @Override
        public void onComplete() {
            over = true;
        }
    }

}
