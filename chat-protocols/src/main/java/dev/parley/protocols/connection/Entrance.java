package dev.parley.protocols.connection;

import dev.parley.application.Caller;
import dev.parley.application.ChatEngine;
import dev.parley.application.Link;
import dev.parley.application.command.Outcome;
import dev.parley.application.event.EventSink;
import dev.parley.domain.access.Principal;
import dev.parley.domain.error.ChatException;
import dev.parley.domain.error.ErrorCode;
import dev.parley.protocols.Handshake;
import dev.parley.protocols.Protocol;
import java.util.Optional;

/** How one client comes to the engine: at once, or as a stranger who is let in later. Safe for use by many threads. */
final class Entrance {

    private static final System.Logger LOG = System.getLogger(Entrance.class.getName());

    private final ChatEngine engine;
    private final Protocol protocol;
    private final Arrival arrival;
    private final Doorkeeper door;
    private final EventSink sink;
    private volatile Principal principal;
    private volatile Link link;

    /**
     * @param door asked who comes; empty when that is known
     * @param sink told what the engine has to tell, perhaps before this returns
     */
    Entrance(ChatEngine engine, Protocol protocol, Arrival arrival, Optional<Doorkeeper> door, EventSink sink) {
        this.engine = engine;
        this.protocol = protocol;
        this.arrival = arrival;
        this.door = door.orElse((token, clientId) -> Outcome.done(arrival.principal()));
        this.sink = sink;
        this.principal = arrival.principal();
        this.link = door.isPresent() ? new StrangersLink() : linked(principal);
    }

    private Link linked(Principal caller) {
        return engine.connect(new Caller(caller, arrival.client(), protocol.name(), protocol.filtering()), sink);
    }

    /** The engine's side; whoever came as a stranger gets another one. */
    Link link() {
        return link;
    }

    /** Who it is as far as is known. */
    Principal principal() {
        return principal;
    }

    /** The name of the wire language. */
    String protocol() {
        return protocol.name();
    }

    Handshake handshake() {
        return new Handshake(link.id(), principal, arrival.path(), arrival.query(), arrival.languages());
    }

    /** Lets a stranger in, or who was let in go on with a newer token. Blocks; called by the executor's tasks only. */
    Outcome<Handshake> identify(Optional<String> token, Optional<String> clientId) {
        try {
            return door.admit(token, clientId).then(this::enter);
        } catch (ChatException unavailable) {
            LOG.log(System.Logger.Level.WARNING, "connection=" + link.id() + " nobody can be let in now", unavailable);
            return Outcome.refused(ErrorCode.STORE_UNAVAILABLE, "Expected a server that can tell now who comes");
        }
    }

    private Outcome<Handshake> enter(Principal known) {
        Outcome<Principal> entered;
        if (link instanceof StrangersLink) {
            // Should the connection end meanwhile, the link is closed with it: that is done last, by this same task.
            link = linked(known);
            entered = Outcome.done(known);
        } else if (known.user().equals(principal.user())) {
            entered = link.refresh(known);
        } else {
            entered = Outcome.refused(ErrorCode.FORBIDDEN, "Expected the user this connection belongs to");
        }
        return entered.then(current -> {
            principal = current;
            return Outcome.done(handshake());
        });
    }
}
