package dev.parley.bootstrap;

import dev.parley.application.ChatEngine;
import dev.parley.application.Ports;
import dev.parley.bootstrap.settings.Settings;

/** The network side: the only place that needs the host's and the REST interface's libraries. */
final class HostWiring {
    private HostWiring() {}

    @SuppressWarnings("DoNotCallSuggester") // until there is a host
    static RunningHost start(
            Settings settings,
            ChatEngine engine,
            Ports ports,
            Tokens tokens,
            Metrics metrics,
            HealthChecks health,
            Lifecycle life) {
        throw new StartException(
                StartException.Reason.MISSING_PART,
                "Expected a host, found none yet: build with withoutHost()",
                new UnsupportedOperationException());
    }
}
