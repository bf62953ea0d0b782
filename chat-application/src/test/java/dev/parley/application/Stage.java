package dev.parley.application;

import dev.parley.adapter.embedded.memory.LiveMemory;
import dev.parley.adapter.embedded.words.WordFilter;
import dev.parley.adapter.embedded.words.WordList;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.VirusScanner;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.llm.Agent;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.project.Project;
import dev.parley.domain.project.ProjectId;
import dev.parley.domain.session.ClientInfo;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.SessionStore;
import dev.parley.domain.telemetry.TelemetryEvent;
import dev.parley.testkit.file.EndingInspector;
import dev.parley.testkit.llm.ScriptedModel;
import dev.parley.testkit.store.InMemoryBlobStore;
import dev.parley.testkit.store.InMemoryConversationStore;
import dev.parley.testkit.time.ManualTime;
import dev.parley.testkit.time.SequentialIds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** One engine or several over the same real parts, with time and the model in the test's hand. */
final class Stage implements AutoCloseable {
    final ManualTime time = new ManualTime();
    final SequentialIds ids = new SequentialIds();
    final InMemoryConversationStore store = new InMemoryConversationStore();
    final WordFilter words = WordFilter.of(WordList.EN.entries());
    final InMemoryBlobStore blobs = new InMemoryBlobStore();
    private final Optional<VirusScanner> scanner;
    final ScriptedModel model = ScriptedModel.named("llama:latest", "mistral:7b");
    final Queue<TelemetryEvent> telemetry = new ConcurrentLinkedQueue<>();
    final Map<ProjectId, Project> projects = new HashMap<>();
    final LiveMemory live = LiveMemory.create(time, time);
    final ChatEngine engine;
    private final Rules rules = new Rules();
    private final List<ChatEngine> engines = new ArrayList<>();
    private final UnaryOperator<Ports> twins;
    private List<Agent> agents = List.of();

    private Stage(Consumer<Rules> how, UnaryOperator<Ports> twins, List<Agent> agents) {
        this(how, twins, agents, Optional.empty());
    }

    private Stage(
            Consumer<Rules> how, UnaryOperator<Ports> twins, List<Agent> agents, Optional<VirusScanner> scanner) {
        this.scanner = scanner;
        how.accept(rules);
        this.twins = twins;
        this.agents = agents;
        this.engine = another();
    }

    /** Uploads are scanned. */
    static Stage scanning(VirusScanner scanner) {
        return new Stage(rules -> {}, ports -> ports, List.of(), Optional.of(scanner));
    }

    static Stage open() {
        return open(rules -> {});
    }

    static Stage open(Consumer<Rules> how) {
        return new Stage(how, ports -> ports, List.of());
    }

    static Stage open(Consumer<Rules> how, Agent... agents) {
        return new Stage(how, ports -> ports, List.of(agents));
    }

    /** @param twins puts faulty twins in the place of some ports */
    static Stage open(Consumer<Rules> how, UnaryOperator<Ports> twins) {
        return new Stage(how, twins, List.of());
    }

    /** One more engine over the same stores, bus and logs: another node. */
    ChatEngine another() {
        ChatEngine more = ChatEngineBuilder.over(twins.apply(ports()))
                .settings(rules.settings())
                .agents(agents)
                .build();
        engines.add(more);
        return more;
    }

    Ports ports() {
        return new Ports(
                store.sessions(),
                store.messages(),
                store.replies(),
                store.revocations(),
                store.audit(),
                store.topics(),
                new FilePorts(store.attachments(), blobs, new EndingInspector(), scanner),
                live.streams(),
                live.bus(),
                live.presence(),
                live.limiter(),
                live.leases(),
                live.connections(),
                model,
                model,
                id -> Optional.ofNullable(projects.get(id)),
                telemetry::add,
                ids,
                time,
                time,
                words);
    }

    Person person(String name, String... roles) {
        return new Person(this, engine, caller(name, roles));
    }

    /** The same person at another node. */
    Person person(ChatEngine node, String name, String... roles) {
        return new Person(this, node, caller(name, roles));
    }

    private static Caller caller(String name, String... roles) {
        return new Caller(Principal.trusted(new UserId(name), roles), ClientInfo.UNKNOWN, "chat");
    }

    void pass(Duration span) {
        time.advance(span);
    }

    Session session(String id) {
        return store.sessions().find(new SessionId(id)).orElseThrow();
    }

    Message message(MessageId id) {
        return store.messages().find(id).orElseThrow();
    }

    /** The stored end of a reply. */
    Message awaitEnd(MessageId reply) {
        Wait.until("reply " + reply + " has ended", () -> !message(reply).running());
        return message(reply);
    }

    @Override
    public void close() {
        engines.forEach(ChatEngine::close);
        live.close();
    }

    /** What happened in the session so far, as it is told now. */
    List<Change.Body> changes(SessionId session) {
        return switch (store.sessions().changesAfter(session, 0, 10_000)) {
            case SessionStore.Feed.Changes(List<Change> changes) -> changes.stream().map(Change::body).toList();
            case SessionStore.Feed.Lost lost -> List.of();
        };
    }

    static <R> R done(Outcome<R> outcome) {
        return switch (outcome) {
            case Outcome.Done<R> done -> done.value();
            case Outcome.Refused<R> refused -> throw new AssertionError("Expected it to be done, found " + refused);
        };
    }

    static ErrorCode code(Outcome<?> outcome) {
        return refusal(outcome).code();
    }

    static Outcome.Refusal refusal(Outcome<?> outcome) {
        return switch (outcome) {
            case Outcome.Done<?> done -> throw new AssertionError("Expected a refusal, found " + done);
            case Outcome.Refused<?> refused -> refused.refusal();
        };
    }

    <R> Outcome<R> ask(Caller caller, Command<R> command) {
        return engine.handle(caller, command);
    }
}
