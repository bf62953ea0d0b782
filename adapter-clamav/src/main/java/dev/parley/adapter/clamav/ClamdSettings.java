package dev.parley.adapter.clamav;

import java.time.Duration;

/**
 * Where clamd is and how long it may take.
 *
 * @param port 1 to 65535
 * @param connect how long connecting may take
 * @param scan how long one whole scan may take, connecting included
 */
public record ClamdSettings(String host, int port, Duration connect, Duration scan) {

    /** The port that clamd's documentation uses. */
    public static final int STANDARD_PORT = 3310;

    public ClamdSettings {
        if (host.isBlank()) {
            throw new IllegalArgumentException("Expected a host, found none");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("Expected a port from 1 to 65535, found " + port);
        }
        if (!connect.isPositive() || !scan.isPositive()) {
            throw new IllegalArgumentException("Expected times above zero");
        }
    }

    /** At {@code host} and {@code port}, with times that suit files of some hundred megabytes. */
    public static ClamdSettings at(String host, int port) {
        return new ClamdSettings(host, port, Duration.ofSeconds(5), Duration.ofMinutes(2));
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
