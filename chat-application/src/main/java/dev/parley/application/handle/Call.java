package dev.parley.application.handle;

import dev.parley.application.Caller;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.live.ConnectionId;
import java.util.Optional;

/** Who asks, and on which connection if it is a live one. */
record Call(Caller caller, Optional<ConnectionId> connection) {

    Principal principal() {
        return caller.principal();
    }

    UserId user() {
        return caller.principal().user();
    }
}
