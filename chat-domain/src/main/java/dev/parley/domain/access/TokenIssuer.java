package dev.parley.domain.access;

import dev.parley.domain.Port;
import java.time.Duration;

/** Makes bearer tokens that the server's own {@link TokenVerifier} accepts. Safe for use by many threads. */
@Port
public interface TokenIssuer {

    /** A token for {@code principal}'s user, name and roles that lasts {@code lifetime} from now; its own id is new. */
    String issue(Principal principal, Duration lifetime);
}
