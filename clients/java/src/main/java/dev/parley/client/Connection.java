package dev.parley.client;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one connection to one session: opens it, notices when it is gone, comes back at the right time over the right transport. It knows
 * nothing of messages. Used on the client's thread only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what comes of each is told on the client's thread
final class Connection {

    /** Whom a connection tells what. */
    interface Owner {
        void frame(Frame frame);

        void lost(End end);

        void state(State state);

        /** Where to resume. */
        Place place();

        /** Whether nothing is under way. */
        boolean idle();
    }

    private static final Duration LONGEST_CLIMB = Duration.ofMinutes(10);
    private static final double LONGEST_INTERVAL = 86_400;

    private final Loop loop;
    private final Executor workers;
    private final HttpClient http;
    private final HttpClient sockets;
    private final Settings settings;
    private final Address address;
    private final Credentials credentials;
    private final Owner owner;
    private final Ladder ladder;
    private final Backoff backoff;
    private final Liveness liveness;
    private @Nullable Transport transport;
    private int attempt;
    private Optional<String> token = Optional.empty();
    private Loop.Timer timer = Loop.Timer.NONE;
    private Loop.Timer stableTimer = Loop.Timer.NONE;
    private Loop.Timer climbTimer = Loop.Timer.NONE;
    private Duration climbAfter;
    private Optional<Runnable> climbing = Optional.empty();
    private Optional<Frame> farewell = Optional.empty();
    private boolean ready;
    /** Why the token that was refused last was; whatever is opened with it would be refused again. */
    private Optional<ParleyException> refused = Optional.empty();
    private Optional<String> refusedToken = Optional.empty();
    /** Whether a token was replaced lately because it was refused. */
    private boolean renewed;
    private volatile State state = State.of(State.Status.IDLE);

    Connection(Loop loop, Executor workers, HttpClient http, HttpClient sockets, Settings settings, Address address,
            Credentials credentials, RandomGenerator chance,
            Owner owner) {
        this.loop = loop;
        this.workers = workers;
        this.http = http;
        this.sockets = sockets;
        this.settings = settings;
        this.address = address;
        this.credentials = credentials;
        this.owner = owner;
        this.climbAfter = settings.climbAfter();
        this.ladder = new Ladder(settings.transports(), settings.patience());
        this.backoff = new Backoff(settings.backoffBase(), settings.backoffCap(), chance);
        this.liveness = new Liveness(
                loop, settings.pongDeadline(), () -> send(Frame.ofType("ping")),
                () -> drop(End.because("no answer"), Optional.empty()));
    }

    /** Known to every thread. */
    State state() {
        return state;
    }

    void open() {
        if (state.status() == State.Status.IDLE || state.status() == State.Status.CLOSED) {
            refused = Optional.empty();
            renewed = false;
            connect();
        }
    }

    /** Comes back now instead of waiting. */
    void retry() {
        if (state.status() == State.Status.WAITING) {
            connect();
        }
    }

    /** Gives up what is there and resumes on a new connection. */
    void reopen(String reason) {
        if (transport != null) {
            drop(End.because(reason), Optional.of(Duration.ZERO));
        }
    }

    boolean send(Frame frame) {
        Transport open = transport;
        return ready && open != null && open.send(frame);
    }

    void close(Optional<ParleyException> error) {
        leave(1000, "");
        timer.cancel();
        show(State.closed(error));
    }

    /**
     * Uses another token from now on: polls carry it, a stream of events goes on in a new one. Answers whether the server has to be told
     * by a frame.
     */
    boolean renew(Optional<String> fresh) {
        Transport open = transport;
        if (open == null || !ready) {
            return false;
        }
        token = fresh;
        open.renew(fresh);
        if (open.kind() == Transport.Kind.EVENTS) {
            expectFrame();
        }
        return open.kind() == Transport.Kind.WEBSOCKET;
    }

    private void connect() {
        timer.cancel();
        leave(1000, "");
        attempt++;
        int mine = attempt;
        if (climbing.isEmpty()) {
            show(State.of(State.Status.CONNECTING, ladder.current(), backoff.failures()));
        }
        credentials.token().whenComplete((given, fault) -> loop.run(() -> {
            if (mine != attempt) {
                return;
            }
            if (fault != null) {
                tokenless(fault);
            } else if (refused.isPresent() && (given.isEmpty() || given.equals(refusedToken))) {
                close(refused);
            } else {
                open(mine, given);
            }
        }));
    }

    /** Whoever gives out tokens is away: that says nothing about the server or the transports. */
    private void tokenless(Throwable fault) {
        climbing.ifPresent(Runnable::run);
        climbing = Optional.empty();
        await(backoff.next(), String.valueOf(fault.getMessage()));
    }

    private void expectFrame() {
        timer.cancel();
        timer = loop.later(settings.openDeadline(), () -> drop(End.because("no first frame in time"), Optional.empty()));
    }

    private void open(int mine, Optional<String> given) {
        token = given;
        expectFrame();
        try {
            transport = transport(new Ears(mine));
        } catch (IllegalArgumentException fault) {
            // A token that fits into no header.
            ended(End.because(String.valueOf(fault.getMessage())), false, Optional.empty());
        }
    }

    private Transport transport(Transport.Sink sink) {
        return switch (ladder.current()) {
            case WEBSOCKET -> new WebSocketTransport(
                    loop, workers, sockets, address, owner.place(), token, settings.openDeadline(), ladder.only(), sink);
            case EVENTS -> new EventsTransport(
                    loop, new HttpWay(loop, workers, http, address, token, sink), address, owner::place, sink);
            case POLL -> new PollTransport(
                    new HttpWay(loop, workers, http, address, token, sink), address, owner.place(), settings.pollWait(), sink);
        };
    }

    /** Hears one transport as long as it is the current one. */
    private final class Ears implements Transport.Sink {
        private final int mine;

        Ears(int mine) {
            this.mine = mine;
        }

        @Override
        public void frame(Frame frame) {
            if (mine == attempt) {
                heardFrame(frame);
            }
        }

        @Override
        public void heard() {
            if (mine == attempt) {
                liveness.heard();
            }
        }

        @Override
        public void ended(End end) {
            if (mine == attempt) {
                Connection.this.ended(end, ready, Optional.empty());
            }
        }
    }

    private void heardFrame(Frame frame) {
        liveness.heard();
        switch (frame.type()) {
            case "" -> {
                return;
            }
            case "connected" -> {
                if (ready) {
                    return;
                }
                becameReady(frame);
            }
            case "refreshed" -> timer.cancel();
            case "disconnect" -> farewell = Optional.of(frame);
            default -> {}
        }
        owner.frame(frame);
    }

    private void becameReady(Frame frame) {
        ready = true;
        refused = Optional.empty();
        timer.cancel();
        ladder.worked();
        climbing = Optional.empty();
        // Not at once: a server that accepts and closes again must not be asked in a tight loop.
        stableTimer = loop.later(settings.stableAfter(), () -> {
            backoff.reset();
            renewed = false;
        });
        Duration interval = frame.number("heartbeat_interval")
                .filter(seconds -> seconds > 0 && seconds < LONGEST_INTERVAL)
                .map(seconds -> Duration.ofMillis((long) (seconds * 1000)))
                .orElse(Duration.ofSeconds(30));
        Transport.Kind kind = ladder.current();
        // Events are kept alive by the server's comments, polls by their own answers.
        if (kind != Transport.Kind.POLL) {
            liveness.start(kind == Transport.Kind.EVENTS ? interval.multipliedBy(2) : interval);
        }
        if (ladder.lowered()) {
            climbLater();
        } else {
            climbAfter = settings.climbAfter();
        }
        show(State.of(State.Status.CONNECTED, kind, 0));
    }

    /** Ends the transport from this side. */
    private void drop(End end, Optional<Duration> delay) {
        boolean was = ready;
        leave(4001, end.reason());
        ended(end, was, delay);
    }

    /** Lets go of the transport; whatever it still says is not heard. */
    private void leave(int code, String reason) {
        attempt++;
        ready = false;
        liveness.stop();
        stableTimer.cancel();
        climbTimer.cancel();
        Transport old = transport;
        transport = null;
        if (old != null) {
            old.close(code, reason);
        }
    }

    private void ended(End end, boolean was, Optional<Duration> delay) {
        Optional<Frame> said = farewell;
        farewell = Optional.empty();
        leave(1000, "");
        timer.cancel();
        if (was) {
            owner.lost(end);
        }
        if (climbing.isPresent()) {
            climbing.get().run();
            climbing = Optional.empty();
            connect();
            return;
        }
        switch (Verdict.of(end, said)) {
            case Verdict.Never never -> giveUp(never.error());
            case Verdict.Again again -> {
                ladder.failed(was, end);
                Duration wait = delay.or(again::after).orElseGet(backoff::next);
                await(wait, said.flatMap(frame -> frame.text("reason")).orElse(end.reason()));
            }
        }
    }

    private void await(Duration wait, String reason) {
        show(State.of(State.Status.WAITING, ladder.current(), backoff.failures()).waiting(wait, reason));
        timer = loop.later(wait, this::connect);
    }

    /** A token that can be asked for anew deserves one more try with another one, however long that takes to be had. */
    private void giveUp(ParleyException error) {
        boolean stale = error.code().equals("TOKEN_EXPIRED") || error.code().equals("UNAUTHORIZED");
        if (!stale || !credentials.renewable() || refused.isPresent()) {
            close(Optional.of(error));
            return;
        }
        refused = Optional.of(error);
        refusedToken = token;
        // At once, but not again and again.
        if (renewed) {
            await(backoff.next(), error.code());
        } else {
            connect();
        }
        renewed = true;
    }

    private void climbLater() {
        climbTimer = loop.later(climbAfter, () -> {
            if (!owner.idle()) {
                climbLater();
                return;
            }
            Duration longer = climbAfter.multipliedBy(2);
            climbAfter = longer.compareTo(LONGEST_CLIMB) < 0 ? longer : LONGEST_CLIMB;
            owner.lost(End.because("trying a better transport"));
            climbing = Optional.of(ladder.climb());
            connect();
        });
    }

    private void show(State now) {
        state = now;
        owner.state(now);
    }
}
