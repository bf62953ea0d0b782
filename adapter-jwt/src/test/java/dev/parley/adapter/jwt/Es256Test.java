package dev.parley.adapter.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSASigner;
import dev.parley.domain.access.TokenVerifier;
import dev.parley.testkit.access.TokenVerifierContract;
import dev.parley.testkit.time.ManualTime;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

final class Es256Test extends TokenVerifierContract {

    private static final KeyPair KEY = Signers.pair("EC", 256);
    private static final KeyPair STRANGER = Signers.pair("EC", 256);

    private static String by(KeyPair pair, Map<String, Object> claims) {
        try {
            return Signers.signed(
                    JWSAlgorithm.ES256, "", new ECDSASigner((ECPrivateKey) pair.getPrivate()), claims);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private final ManualTime time = new ManualTime();
    private final JwtAdapter verifier = JwtAdapter.ofPem(Signers.pem(KEY), JwtChecks.DEFAULT, time);

    @Override
    protected TokenVerifier verifier() {
        return verifier;
    }

    @Override
    protected String signed(Map<String, Object> claims) {
        return by(KEY, claims);
    }

    @Override
    protected String signedByStranger(Map<String, Object> claims) {
        return by(STRANGER, claims);
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
