package dev.parley.domain.live;

import dev.parley.domain.access.UserId;
import dev.parley.domain.session.SessionId;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known of one connection.
 *
 * @param session the session it is mainly about, where its protocol has one
 * @param protocol the wire language: {@code chat}, {@code rooms} …
 * @param lastPing when the client last gave a sign of life
 */
public record ConnectionInfo(
        ConnectionId id,
        NodeId node,
        Optional<SessionId> session,
        UserId user,
        String protocol,
        Instant connectedAt,
        Instant lastPing,
        boolean active) {}
