package dev.parley.protocols.connection;

import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.session.ClientInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A client that was let in, as its host saw it come.
 *
 * @param principal who it is, verified
 * @param path the parts of the path that the protocol's address leaves open, by name
 * @param query the first value of each parameter, decoded, without tokens
 * @param languages the languages the client prefers, best first
 * @param livesByHeartbeats true where silence does not end the connection
 */
public record Arrival(
        Principal principal,
        ClientInfo client,
        Map<String, String> path,
        Map<String, String> query,
        List<String> languages,
        boolean livesByHeartbeats) {

    /** Who somebody is that has not said it yet. */
    public static final Principal STRANGER = new Principal(
            new UserId("-"), "Guest", Set.of(), true, Optional.empty(), Instant.EPOCH, Optional.empty());

    public Arrival {
        path = Map.copyOf(path);
        query = Map.copyOf(query);
        languages = List.copyOf(languages);
    }
}
