package dev.parley.adapter.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.TokenIssuer;
import dev.parley.domain.access.TokenVerifier;
import dev.parley.domain.access.Verification;
import dev.parley.testkit.ContractRun;
import dev.parley.testkit.access.TokenIssuerContract;
import dev.parley.testkit.access.TokenVerifierContract;
import dev.parley.testkit.time.ManualTime;
import dev.parley.testkit.time.SequentialIds;
import java.security.KeyPair;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contracts of the token ports catch what breaks a promise. */
final class BrokenTokenTwinsTest {

    @ParameterizedTest
    @ValueSource(classes = {Trusting.class, Everlasting.class, Unrestricted.class})
    void a_broken_twin_fails_its_contract(Class<?> twin) {
        ContractRun.assertCaught(twin);
    }

    /** Looks at the claims and not at the signature. */
    static final class Trusting extends TokenVerifierContract {

        private static final KeyPair KEY = Signers.pair("Ed25519", 0);
        private static final KeyPair STRANGER = Signers.pair("Ed25519", 0);

        private final ManualTime time = new ManualTime();

        @Override
        protected TokenVerifier verifier() {
            Claims claims = new Claims(JwtChecks.DEFAULT, time);
            return token -> {
                try {
                    JWSObject parsed = JWSObject.parse(token);
                    return JWSAlgorithm.EdDSA.equals(parsed.getHeader().getAlgorithm())
                            ? claims.read(parsed.getPayload().toJSONObject())
                            : new Verification.Refused(false, "Expected EdDSA");
                } catch (ParseException e) {
                    return new Verification.Refused(false, "Expected a token");
                }
            };
        }

        @Override
        protected String signed(Map<String, Object> claims) {
            return Signers.ed25519(KEY, "", claims);
        }

        @Override
        protected String signedByStranger(Map<String, Object> claims) {
            return Signers.ed25519(STRANGER, "", claims);
        }

        @Override
        protected Instant now() {
            return time.instant();
        }

        @Override
        protected void advance(Duration step) {
            time.advance(step);
        }
    }

    /** Makes tokens for everything of those for sockets only. */
    static final class Unrestricted extends TokenIssuerContract {

        private final ManualTime time = new ManualTime();
        private final TokenIssuer real =
                JwtIssuer.ofSecret(Signers.SECRET, JwtChecks.DEFAULT, time, new SequentialIds());

        @Override
        protected TokenIssuer issuer() {
            return (principal, lifetime) -> real.issue(
                    new Principal(
                            principal.user(),
                            principal.name(),
                            principal.roles(),
                            principal.anonymous(),
                            principal.tokenId(),
                            principal.issuedAt(),
                            principal.expiresAt()),
                    lifetime);
        }

        @Override
        protected TokenVerifier verifier() {
            return JwtAdapter.ofSecret(Signers.SECRET, JwtChecks.DEFAULT, time);
        }

        @Override
        protected Instant now() {
            return time.instant();
        }

        @Override
        protected void advance(Duration step) {
            time.advance(step);
        }
    }

    /** Makes tokens that outlive what was asked for. */
    static final class Everlasting extends TokenIssuerContract {

        private final ManualTime time = new ManualTime();
        private final TokenIssuer real =
                JwtIssuer.ofSecret(Signers.SECRET, JwtChecks.DEFAULT, time, new SequentialIds());

        @Override
        protected TokenIssuer issuer() {
            return (Principal principal, Duration lifetime) -> real.issue(principal, lifetime.plusDays(1));
        }

        @Override
        protected TokenVerifier verifier() {
            return JwtAdapter.ofSecret(Signers.SECRET, JwtChecks.DEFAULT, time);
        }

        @Override
        protected Instant now() {
            return time.instant();
        }

        @Override
        protected void advance(Duration step) {
            time.advance(step);
        }
    }
}
