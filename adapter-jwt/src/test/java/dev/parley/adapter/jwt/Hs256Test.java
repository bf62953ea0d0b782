package dev.parley.adapter.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.MACSigner;
import dev.parley.domain.access.TokenVerifier;
import dev.parley.testkit.access.TokenVerifierContract;
import dev.parley.testkit.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

final class Hs256Test extends TokenVerifierContract {

    private static String by(String secret, Map<String, Object> claims) {
        try {
            return Signers.signed(JWSAlgorithm.HS256, "", new MACSigner(secret), claims);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private final ManualTime time = new ManualTime();
    private final JwtAdapter verifier = JwtAdapter.ofSecret(Signers.SECRET, JwtChecks.DEFAULT, time);

    @Override
    protected TokenVerifier verifier() {
        return verifier;
    }

    @Override
    protected String signed(Map<String, Object> claims) {
        return by(Signers.SECRET, claims);
    }

    @Override
    protected String signedByStranger(Map<String, Object> claims) {
        return by(Signers.SECRET + "x", claims);
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
