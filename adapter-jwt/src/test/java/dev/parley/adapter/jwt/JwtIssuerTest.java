package dev.parley.adapter.jwt;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.domain.access.TokenIssuer;
import dev.parley.domain.access.TokenVerifier;
import dev.parley.testkit.access.TokenIssuerContract;
import dev.parley.testkit.time.ManualTime;
import dev.parley.testkit.time.SequentialIds;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class JwtIssuerTest extends TokenIssuerContract {

    private static final JwtChecks CHECKS =
            new JwtChecks(Optional.of("parley"), Optional.of("chat"), Duration.ofSeconds(5));

    private final ManualTime time = new ManualTime();
    private final TokenIssuer issuer = JwtIssuer.ofSecret(Signers.SECRET, CHECKS, time, new SequentialIds());

    @Override
    protected TokenIssuer issuer() {
        return issuer;
    }

    @Override
    protected TokenVerifier verifier() {
        return JwtAdapter.ofSecret(Signers.SECRET, CHECKS, time);
    }

    @Override
    protected Instant now() {
        return time.instant();
    }

    @Override
    protected void advance(Duration step) {
        time.advance(step);
    }

    @Test
    void a_short_secret_is_refused() {
        assertThatThrownBy(() -> JwtIssuer.ofSecret("x".repeat(31), CHECKS, time, new SequentialIds()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("31");
        assertThatThrownBy(() -> JwtAdapter.ofSecret("x".repeat(31), CHECKS, time))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
