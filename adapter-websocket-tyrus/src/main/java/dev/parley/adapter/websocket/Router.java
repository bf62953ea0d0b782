package dev.parley.adapter.websocket;

import dev.parley.protocols.Protocol;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which protocol is spoken at which address. The address with more fixed parts goes first. */
final class Router {

    private final List<Mount> mounts;

    record Mount(PathTemplate template, Protocol protocol, boolean livesByHeartbeats) {}

    /** @param open the open parts of the address, by name */
    record Route(Mount mount, Map<String, String> open) {}

    Router(List<Mount> mounts) {
        this.mounts = mounts.stream()
                .sorted(Comparator.comparingLong((Mount mount) -> mount.template().fixed())
                        .reversed())
                .toList();
    }

    Optional<Route> route(String path) {
        return mounts.stream()
                .flatMap(mount -> mount.template().match(path).map(open -> new Route(mount, open)).stream())
                .findFirst();
    }
}
