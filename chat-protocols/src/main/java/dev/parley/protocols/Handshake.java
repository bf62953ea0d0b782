package dev.parley.protocols;

import dev.parley.domain.access.Principal;
import dev.parley.domain.live.ConnectionId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a client came: everything a protocol may know of the request that opened the connection.
 *
 * @param connection the connection's id
 * @param principal who it is, already verified
 * @param path the parts of the path that the protocol's address leaves open, by name: {@code session_id}
 * @param query the first value of each parameter, decoded, without tokens
 * @param languages the languages the client prefers, best first
 */
public record Handshake(
        ConnectionId connection,
        Principal principal,
        Map<String, String> path,
        Map<String, String> query,
        List<String> languages) {

    public Handshake {
        path = Map.copyOf(path);
        query = Map.copyOf(query);
        languages = List.copyOf(languages);
    }

    public Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name)).filter(value -> !value.isEmpty());
    }
}
