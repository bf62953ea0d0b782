package dev.parley.adapter.jwt;

import java.time.Duration;
import java.util.Optional;

/**
 * What a token must say beside being signed.
 *
 * @param issuer who must have made it, where that matters
 * @param audience whom it must be meant for, where that matters
 * @param skew how far the clock of whoever made it may be ahead; a token is never in force after its own end
 */
public record JwtChecks(Optional<String> issuer, Optional<String> audience, Duration skew) {

    /** Any issuer, any audience, clocks half a minute apart. */
    public static final JwtChecks DEFAULT =
            new JwtChecks(Optional.empty(), Optional.empty(), Duration.ofSeconds(30));

    public JwtChecks {
        if (skew.isNegative() || skew.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException("Expected clocks at most 10 minutes apart, found " + skew);
        }
    }
}
