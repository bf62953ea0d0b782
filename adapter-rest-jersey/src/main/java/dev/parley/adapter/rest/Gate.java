package dev.parley.adapter.rest;

import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.domain.error.ErrorCode;
import dev.parley.protocols.admission.Authenticator;
import dev.parley.protocols.admission.Credentials;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Lets in whoever may, and counts what they ask. Everything below {@code /api} is behind it. */
@PreMatching
@Priority(Priorities.AUTHENTICATION)
final class Gate implements ContainerRequestFilter {

    /** The addresses that stand for a connection. */
    private static final Pattern LIVE = Pattern.compile("/?api/chat/sessions/[^/]+/(events|poll|frames)");

    private final Supplier<Authenticator> authenticators;

    Gate(Supplier<Authenticator> authenticators) {
        this.authenticators = authenticators;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        String path = request.getUriInfo().getPath();
        if (!path.startsWith("api/")) {
            return;
        }
        Visit visit = Visit.of(request);
        Credentials credentials = credentials(visit, path);
        Authenticator authenticator = authenticators.get();
        visit.welcomeWhile(() -> authenticator.identify(credentials) instanceof Authenticator.Identity.Known);
        switch (authenticator.identify(credentials)) {
            case Authenticator.Identity.Rejected rejected ->
                    throw new Refused(rejected.code(), "Expected a bearer token that is genuine and in force");
            case Authenticator.Identity.Known known when known.principal().socketsOnly() ->
                    throw new Refused(ErrorCode.FORBIDDEN, "Expected a token for requests, found one for sockets only");
            case Authenticator.Identity.Known known -> visit.identified(known.principal(), known.newClientId());
        }
        if (LIVE.matcher(path).matches() && path.endsWith("/frames")) {
            // A frame is counted by its protocol, which never refuses a stop.
            return;
        }
        switch (visit.handle(new Command.Charge(Command.Bucket.REQUESTS))) {
            case Outcome.Done<?> done -> {}
            case Outcome.Refused<?> refused -> throw new Refused(refused.refusal());
        }
    }

    /** Whether an address opens a connection that stays. */
    static boolean live(String path) {
        return LIVE.matcher(path).matches() && !path.endsWith("/frames");
    }

    /** A token in the address ends up in logs and histories: only what a browser cannot send a header with takes it. */
    private static Credentials credentials(Visit visit, String path) {
        return Credentials.of(
                visit.exchange().header("authorization"),
                visit.exchange().header("cookie"),
                List.of(),
                live(path) ? visit.parameter("token") : Optional.empty(),
                visit.parameter("client_id"));
    }
}
