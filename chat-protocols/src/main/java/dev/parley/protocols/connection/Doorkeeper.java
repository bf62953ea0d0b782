package dev.parley.protocols.connection;

import dev.parley.application.command.Outcome;
import dev.parley.domain.access.Principal;
import java.util.Optional;

/** Decides about a client that came without saying who it is. Used by one thread at a time; blocks where tokens are verified. */
@FunctionalInterface
public interface Doorkeeper {

    /**
     * Lets the client in, or not. Asked again when the client brings a newer token.
     *
     * @param token what the client brought, where it brought one
     * @param clientId what an anonymous client calls itself, where it does
     * @throws dev.parley.domain.error.UnavailableException when nobody can tell now
     */
    Outcome<Principal> admit(Optional<String> token, Optional<String> clientId);
}
