package dev.parley.integration.nodes;

import static org.awaitility.Awaitility.await;

import dev.parley.application.Caller;
import dev.parley.application.Link;
import dev.parley.application.command.Ask;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.command.Overlap;
import dev.parley.application.command.Sent;
import dev.parley.application.event.Event;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.llm.ModelOptions;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.ClientInfo;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/** Somebody in front of a screen, connected to one node at a time. */
final class Guest implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final SessionId ROOM = new SessionId("room");

    final Screen screen = new Screen();
    private final Caller caller;
    private Node node;
    private Link link;
    private AtomicBoolean wire;

    private Guest(Node node, Caller caller) {
        this.node = node;
        this.caller = caller;
        this.wire = new AtomicBoolean(true);
        this.link = open();
    }

    /** Somebody without a token of their own. */
    static Guest at(Node node, String name, String... roles) {
        return new Guest(node, new Caller(Principal.trusted(new UserId(name), roles), ClientInfo.UNKNOWN, "chat"));
    }

    /** Somebody whose token has a name, so that it can be revoked. */
    static Guest withToken(Node node, String name, String token) {
        return new Guest(
                node,
                new Caller(
                        new Principal(new UserId(name), name, Set.of(), false, Optional.of(token), Instant.EPOCH,
                                Optional.empty()),
                        ClientInfo.UNKNOWN,
                        "chat"));
    }

    UserId user() {
        return caller.principal().user();
    }

    /** Follows the room from now on; makes it where it is not there. */
    Guest inRoom(Visibility whenNew) {
        done(does(new Command.EnterSession(ROOM, whenNew, Optional.empty())));
        screen.beginAt(done(link.follow(ROOM, new Link.From.Now())).position());
        return this;
    }

    Guest inRoom() {
        return inRoom(Visibility.SHARED);
    }

    Link link() {
        return link;
    }

    <R> Outcome<R> does(Command<R> command) {
        return link.handle(command);
    }

    Outcome<Sent> tries(String content, Optional<String> clientId, Optional<Ask> ask) {
        return does(new Command.SendMessage(ROOM, content, clientId, Optional.empty(), ClientMetadata.NONE, ask));
    }

    Sent says(String content) {
        return done(tries(content, Optional.empty(), Optional.empty()));
    }

    /** Says something that is to be answered; the answer's name. */
    MessageId asks(String content) {
        return done(tries(content, Optional.empty(), Optional.of(Ask.PLAINLY))).reply().orElseThrow();
    }

    Outcome<Sent> asks(String content, Overlap overlap) {
        return tries(
                content,
                Optional.empty(),
                Optional.of(new Ask(
                        Optional.empty(), Optional.empty(), Optional.of(overlap), Optional.empty(), ModelOptions.DEFAULT)));
    }

    Outcome<Command.Stopped> stops(MessageId reply) {
        return does(new Command.StopReplies(ROOM, Optional.of(reply)));
    }

    /** The connection breaks, and the client comes back at {@code other} from where it was. */
    void comesBackAt(Node other) {
        drops();
        node = other;
        wire = new AtomicBoolean(true);
        link = open();
        done(link.follow(ROOM, new Link.From.Position(screen.position(), screen.shown())));
    }

    /** Nobody sees what still comes. */
    void drops() {
        synchronized (screen) {
            wire.set(false);
        }
        link.close();
    }

    /** The end of a reply, once it was told. */
    Message awaitEnd(MessageId reply) {
        await().alias("the end of " + reply + " is told").atMost(PATIENCE).until(() -> screen.ended(reply));
        return screen.messages().get(reply);
    }

    void awaitText(MessageId reply, String text) {
        await().alias("the reply is shown").atMost(PATIENCE).until(() -> screen.growing(reply), text::equals);
    }

    void awaitMessage(MessageId message) {
        await().alias(message + " is told").atMost(PATIENCE).until(() -> screen.messages().containsKey(message));
    }

    <E extends Event> E awaitEvent(Class<E> kind, Predicate<? super E> wanted) {
        await().alias(kind.getSimpleName() + " is told")
                .atMost(PATIENCE)
                .until(() -> screen.all(kind).stream().anyMatch(wanted));
        return screen.all(kind).stream().filter(wanted).findFirst().orElseThrow();
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

    @Override
    public void close() {
        drops();
    }

    private Link open() {
        AtomicBoolean connected = wire;
        return node.engine.connect(caller, event -> {
            synchronized (screen) {
                if (connected.get()) {
                    screen.take(event);
                }
            }
        });
    }
}
