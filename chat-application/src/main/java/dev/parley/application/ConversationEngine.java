package dev.parley.application;

import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.event.EventSink;
import dev.parley.application.file.FileRelease;
import dev.parley.application.file.FileSweep;
import dev.parley.application.guard.Access;
import dev.parley.application.guard.Limits;
import dev.parley.application.handle.Handlers;
import dev.parley.application.hub.Hub;
import dev.parley.application.hub.LinkCommands;
import dev.parley.application.ledger.Ledger;
import dev.parley.application.reply.Replies;
import dev.parley.application.time.Beat;
import dev.parley.domain.access.Principal;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.error.LlmException;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.llm.Agent;
import dev.parley.domain.session.AccessRules;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.SessionTransaction;
import dev.parley.domain.telemetry.TelemetryEvent;
import dev.parley.domain.topic.TopicId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** The engine: guards and handlers for commands, the hub for links, the replies, and how they begin and end together. */
final class ConversationEngine implements ChatEngine, LinkCommands {

    private static final System.Logger LOG = System.getLogger(ConversationEngine.class.getName());

    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final int SWEEP_BATCH = 100;
    private static final Duration SWEEP_EVERY = Duration.ofMinutes(5);

    private final Ports ports;
    private final EngineSettings settings;
    private final Access access;
    private final Replies replies;
    private final Hub hub;
    private final Handlers handlers;
    private volatile boolean accepting = true;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final FileSweep files;
    private final List<Beat> beats = new ArrayList<>();

    /** @param alone whether no other engine works on the same stores */
    ConversationEngine(Ports ports, EngineSettings settings, List<Agent> agents, boolean alone) {
        this.ports = ports;
        this.settings = settings;
        NodeId node = new NodeId(ports.ids().next());
        Roster roster = new Roster(agents);
        Ledger ledger = new Ledger(ports.sessions(), ports.bus());
        this.access = new Access(new AccessRules(settings.ticketRoles()), ports, ledger);
        Limits limits = new Limits(ports.limiter(), settings, ports.telemetry());
        this.replies = new Replies(node, alone, ports, settings, roster, ledger);
        this.hub = new Hub(node, ports, settings);
        this.files =
                new FileSweep(ports.files(), settings.uploads(), new FileRelease(ports.files(), ports.clock()), ports.clock());
        this.handlers = new Handlers(ports, settings, roster, access, limits, ledger, replies, hub);
    }

    ConversationEngine started() {
        replies.start();
        hub.start();
        settings.sessionTtl()
                .ifPresent(ttl -> beats.add(
                        Beat.every(SWEEP_EVERY, ports.timers(), "to purge quiet sessions", () -> sweep(ttl))));
        settings.changeRetention()
                .ifPresent(kept -> beats.add(
                        Beat.every(SWEEP_EVERY, ports.timers(), "to forget old changes", () -> forget(kept))));
        beats.add(Beat.every(SWEEP_EVERY, ports.timers(), "to sweep files", files::run));
        return this;
    }

    @Override
    public <R> Outcome<R> handle(Caller caller, Command<R> command) {
        return answer(caller, Optional.empty(), command);
    }

    @Override
    public <R> Outcome<R> handle(Caller caller, ConnectionId connection, Command<R> command) {
        return answer(caller, Optional.of(connection), command);
    }

    @Override
    public Link connect(Caller caller, EventSink sink) {
        return hub.connect(caller, sink, this);
    }

    @Override
    public Outcome<Session> mayFollow(Caller caller, SessionId session) {
        return guarded(() -> about(Optional.empty(), Optional.of(session), "follow"), () -> current(caller.principal())
                .then(who -> access.enter(caller, session))
                .then(found -> found.closed() ? Access.gone(session) : Outcome.done(found)));
    }

    @Override
    public Outcome<TopicId> mayWatch(Caller caller, TopicId topic) {
        return guarded(
                () -> "topic=" + topic + " ",
                () -> current(caller.principal()).then(who -> access.topic(caller, topic)));
    }

    @Override
    public Outcome<Principal> mayContinue(Principal before, Principal after) {
        if (!before.user().equals(after.user()) || before.anonymous()) {
            return Outcome.refused(ErrorCode.FORBIDDEN, "Expected a token of the same user");
        }
        return guarded(() -> about(Optional.empty(), Optional.empty(), "refresh"), () -> current(after));
    }

    /** How many sessions are followed here. */
    int followed() {
        return hub.followed();
    }

    @Override
    public boolean accepting() {
        return accepting;
    }

    @Override
    public void drain(Duration grace, Duration spread) {
        accepting = false;
        replies.takeNoMore();
        hub.disconnectAll(spread);
        Instant over = ports.clock().instant().plus(grace);
        replies.beginLate();
        replies.awaitIdle(Duration.between(ports.clock().instant(), over));
        replies.close();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            accepting = false;
            beats.forEach(Beat::close);
            replies.close();
            hub.close();
        }
    }

    private <R> Outcome<R> answer(Caller caller, Optional<ConnectionId> connection, Command<R> command) {
        Instant begun = ports.clock().instant();
        Outcome<R> outcome = guarded(
                () -> about(connection, session(command), command.getClass().getSimpleName()),
                () -> current(caller.principal()).then(who -> handlers.handle(caller, connection, command)));
        Optional<ErrorCode> refusal = outcome instanceof Outcome.Refused<R> refused
                ? Optional.of(refused.refusal().code())
                : Optional.empty();
        ports.telemetry()
                .on(new TelemetryEvent.CommandHandled(
                        command.getClass().getSimpleName(),
                        session(command),
                        refusal,
                        Duration.between(begun, ports.clock().instant())));
        return outcome;
    }

    private static Optional<SessionId> session(Command<?> command) {
        return command instanceof Command.InSession inSession ? Optional.of(inSession.session()) : Optional.empty();
    }

    /** What a line of the log begins with, so that what belongs together can be found. */
    private static String about(Optional<ConnectionId> connection, Optional<SessionId> session, String what) {
        return connection.map(id -> "connection=" + id + " ").orElse("")
                + session.map(id -> "session=" + id + " ").orElse("")
                + "command=" + what + " ";
    }

    private Outcome<Principal> current(Principal who) {
        if (closed.get()) {
            return Outcome.refused(ErrorCode.BUSY, "Expected a server that runs, found one that ends", RETRY);
        }
        if (who.expired(ports.clock().instant())) {
            return Outcome.refused(ErrorCode.TOKEN_EXPIRED, "Expected a token that is in force");
        }
        return ports.revocations().revoked(who)
                ? Outcome.refused(ErrorCode.UNAUTHORIZED, "Expected a token that is not revoked")
                : Outcome.done(who);
    }

    @FunctionalInterface
    private interface Attempt<R> {
        Outcome<R> make();
    }

    /** Turns what breaks underneath into a refusal that tells nothing of the inside. */
    private <R> Outcome<R> guarded(Supplier<String> about, Attempt<R> attempt) {
        try {
            return attempt.make();
        } catch (UnavailableException away) {
            LOG.log(System.Logger.Level.ERROR, about.get() + "a store is away", away);
            return Outcome.refused(ErrorCode.STORE_UNAVAILABLE, "Expected the store to answer", RETRY);
        } catch (LlmException model) {
            return Outcome.refused(model.code(), "Expected the model's server to answer", RETRY);
        } catch (RuntimeException bug) {
            return internal(about.get(), bug);
        }
    }

    private <R> Outcome<R> internal(String about, RuntimeException cause) {
        String incident = ports.ids().next();
        LOG.log(System.Logger.Level.ERROR, about + "incident=" + incident, cause);
        return Outcome.refused(ErrorCode.INTERNAL, "Incident " + incident);
    }

    /** Purges sessions in which nothing has happened for long. */
    private void sweep(Duration ttl) {
        Instant before = ports.clock().instant().minus(ttl);
        boolean more = true;
        while (more) {
            List<SessionId> quiet = ports.sessions().quietSince(before, SWEEP_BATCH);
            long purged = quiet.stream().filter(id -> purgedQuiet(id, before)).count();
            more = quiet.size() == SWEEP_BATCH && purged > 0;
        }
    }

    /** Who waits for a long reply is not quiet. */
    private boolean purgedQuiet(SessionId id, Instant before) {
        Optional<Session> quiet = ports.sessions().find(id).filter(session -> session.lastActivity().isBefore(before));
        if (quiet.isEmpty() || !ports.sessions().write(id, SessionTransaction::unfinished).isEmpty()) {
            return false;
        }
        ports.topics().forget(id);
        ports.sessions().purge(id);
        replies.abandon(id);
        hub.purged(id, quiet.get().position());
        return true;
    }

    /** Who comes back from before that must load anew. */
    private void forget(Duration kept) {
        long forgotten = ports.sessions().forgetChanges(ports.clock().instant().minus(kept));
        if (forgotten > 0) {
            LOG.log(System.Logger.Level.DEBUG, "{0} changes older than {1} are forgotten", forgotten, kept);
        }
    }
}
