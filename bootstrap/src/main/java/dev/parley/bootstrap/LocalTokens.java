package dev.parley.bootstrap;

import dev.parley.adapter.embedded.system.TimeOrderedIds;
import dev.parley.bootstrap.settings.Settings;
import dev.parley.domain.access.UserId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/** Tokens for those who can read the secret, made without a running server. */
public final class LocalTokens {
    private LocalTokens() {}

    /**
     * A token that a server with the same settings accepts; makes the data folder's secret when there is none yet.
     *
     * @return empty where the settings have tokens verified by public keys: whoever holds the private key makes them
     */
    public static Optional<String> issue(
            Settings settings, UserId user, String name, Set<String> roles, Duration lifetime) {
        InstantSource clock = InstantSource.system();
        try (Lifecycle life = new Lifecycle()) {
            return Tokens.of(settings, true, new TimeOrderedIds(clock), clock, life)
                    .issue(user, name, roles, lifetime);
        }
    }
}
