package dev.parley.adapter.websocket;

import dev.parley.application.command.Outcome;
import dev.parley.domain.Registration;
import dev.parley.domain.access.Principal;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.error.UnavailableException;
import dev.parley.protocols.admission.Authenticator;
import dev.parley.protocols.admission.ConnectionSlots;
import dev.parley.protocols.admission.Credentials;
import dev.parley.protocols.admission.OriginPolicy;
import dev.parley.protocols.connection.Doorkeeper;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Decides about a WebSocket before anything of it exists. Blocks where the authenticator does. */
final class Admission {

    private static final System.Logger LOG = System.getLogger(Admission.class.getName());

    private final Authenticator authenticator;
    private final OriginPolicy origins;
    private final ConnectionSlots slots;
    private final Duration retryAfter;

    /** What was decided. */
    sealed interface Decision {

        /** @param place to be given back when the connection ends */
        record Admitted(Principal principal, Optional<String> newClientId, Registration place) implements Decision {}

        record Refused(int status, Optional<Duration> retryAfter) implements Decision {}
    }

    Admission(Authenticator authenticator, OriginPolicy origins, ConnectionSlots slots, Duration retryAfter) {
        this.authenticator = authenticator;
        this.origins = origins;
        this.slots = slots;
        this.retryAfter = retryAfter;
    }

    /** Whether a page may that is not on this server, where it is one that asks. */
    boolean allows(UpgradeHead head) {
        return origins.allows(head.header("origin"), head.peer());
    }

    /** A place for somebody who says later who it is; empty when there is none. */
    Optional<ConnectionSlots.Stranger> stranger(UpgradeHead head) {
        return slots.stranger(head.client());
    }

    /** Lets a stranger in by what it says later, or by what it brought when it came. */
    Doorkeeper door(Credentials brought, ConnectionSlots.Stranger place) {
        return (token, clientId) -> switch (authenticator.identify(
                new Credentials(token.or(brought::token), clientId.or(brought::clientId)))) {
            case Authenticator.Identity.Rejected rejected ->
                    Outcome.refused(rejected.code(), "Expected a token that is genuine and in force");
            case Authenticator.Identity.Known known -> switch (place.become(known.principal())) {
                case ConnectionSlots.Place.Taken taken -> Outcome.done(known.principal());
                case ConnectionSlots.Place.UserFull full ->
                        Outcome.refused(ErrorCode.RATE_LIMIT, "Expected fewer connections of one user", retryAfter);
                case ConnectionSlots.Place.NodeFull full ->
                        Outcome.refused(ErrorCode.BUSY, "Expected fewer connections to this server", retryAfter);
                case ConnectionSlots.Place.Ending ending -> Outcome.refused(
                        ErrorCode.BUSY, "Expected a server that runs, found one that ends", retryAfter);
            };
        };
    }

    Decision decide(UpgradeHead head) {
        if (!allows(head)) {
            return new Decision.Refused(403, Optional.empty());
        }
        try {
            return switch (authenticator.identify(head.credentials())) {
                case Authenticator.Identity.Rejected rejected -> new Decision.Refused(401, Optional.empty());
                case Authenticator.Identity.Known known -> place(known, head);
            };
        } catch (UnavailableException unavailable) {
            LOG.log(System.Logger.Level.WARNING, "No token can be verified now", unavailable);
            return unavailable();
        }
    }

    Decision.Refused unavailable() {
        return new Decision.Refused(503, Optional.of(retryAfter));
    }

    private Decision place(Authenticator.Identity.Known known, UpgradeHead head) {
        return switch (slots.take(known.principal(), head.client())) {
            case ConnectionSlots.Place.Taken taken ->
                    new Decision.Admitted(known.principal(), known.newClientId(), taken.release());
            case ConnectionSlots.Place.UserFull full -> new Decision.Refused(429, Optional.of(retryAfter));
            case ConnectionSlots.Place.NodeFull full -> unavailable();
            case ConnectionSlots.Place.Ending ending -> unavailable();
        };
    }

    /** Which subprotocol is selected for a client that offers some. */
    static Optional<String> subprotocol(List<String> offered) {
        return Credentials.selected(offered);
    }
}
