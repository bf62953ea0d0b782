package dev.parley.adapter.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;
import java.util.Set;

/**
 * A public key.
 *
 * @param id what tokens call it, if it has a name
 * @param algorithms what it may be used with
 */
record VerificationKey(Optional<String> id, Set<JWSAlgorithm> algorithms, JWSVerifier verifier) {

    private static final int LEAST_RSA_BITS = 2048;
    private static final int P_256_BITS = 256;

    /** @throws IllegalArgumentException when it is none of the kinds that count */
    static VerificationKey of(Optional<String> id, PublicKey key) {
        try {
            return switch (key) {
                case RSAPublicKey rsa when rsa.getModulus().bitLength() >= LEAST_RSA_BITS ->
                        new VerificationKey(id, Set.of(JWSAlgorithm.RS256), new RSASSAVerifier(rsa));
                case ECPublicKey ec when ec.getParams().getCurve().getField().getFieldSize() == P_256_BITS ->
                        new VerificationKey(id, Set.of(JWSAlgorithm.ES256), new ECDSAVerifier(ec));
                case EdECPublicKey ed when ed.getParams().getName().equals("Ed25519") ->
                        new VerificationKey(
                                id, Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519), new JdkEd25519Verifier(ed));
                default -> throw unusable(key);
            };
        } catch (JOSEException e) {
            throw new IllegalArgumentException(unusable(key).getMessage(), e);
        }
    }

    private static IllegalArgumentException unusable(PublicKey key) {
        return new IllegalArgumentException(
                "Expected a key for RS256 of at least " + LEAST_RSA_BITS + " bits, ES256 or Ed25519, found one for "
                        + key.getAlgorithm());
    }
}
