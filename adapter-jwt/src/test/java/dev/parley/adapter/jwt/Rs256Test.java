package dev.parley.adapter.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.RSASSASigner;
import dev.parley.domain.access.TokenVerifier;
import dev.parley.testkit.access.TokenVerifierContract;
import dev.parley.testkit.time.ManualTime;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

final class Rs256Test extends TokenVerifierContract {

    private static final KeyPair KEY = Signers.pair("RSA", 2048);
    private static final KeyPair STRANGER = Signers.pair("RSA", 2048);

    private final ManualTime time = new ManualTime();
    private final JwtAdapter verifier = JwtAdapter.ofPem(Signers.pem(KEY), JwtChecks.DEFAULT, time);

    @Override
    protected TokenVerifier verifier() {
        return verifier;
    }

    @Override
    protected String signed(Map<String, Object> claims) {
        return Signers.signed(JWSAlgorithm.RS256, "any", new RSASSASigner(KEY.getPrivate()), claims);
    }

    @Override
    protected String signedByStranger(Map<String, Object> claims) {
        return Signers.signed(JWSAlgorithm.RS256, "", new RSASSASigner(STRANGER.getPrivate()), claims);
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
