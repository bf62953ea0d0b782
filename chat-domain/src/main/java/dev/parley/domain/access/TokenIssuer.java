package dev.parley.domain.access;

import dev.parley.domain.Port;
import java.time.Duration;

/** Makes bearer tokens that the server's own {@link TokenVerifier} accepts. Safe for use by many threads. */
@Port
public interface TokenIssuer {

    /**
     * A token for {@code principal}'s user, name and roles that lasts {@code lifetime} from now; its own id is new.
     *
     * <p>One that is for sockets only stands for the token that {@code principal} came with: it has that one's id, if there is
     * one, so that whoever revokes either ends both.
     */
    String issue(Principal principal, Duration lifetime);
}
