package dev.parley.adapter.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The keys of a JSON Web Key Set that can be used here; others are passed over. */
final class KeySetDocument {

    /** What stands before the 32 bytes of an Ed25519 key in its X.509 form. */
    private static final byte[] ED25519_PREFIX = {
        0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00
    };

    private KeySetDocument() {}

    static List<VerificationKey> read(String document) throws ParseException {
        List<VerificationKey> keys = new ArrayList<>();
        for (JWK jwk : JWKSet.parse(document).getKeys()) {
            usable(jwk).ifPresent(keys::add);
        }
        return List.copyOf(keys);
    }

    private static Optional<VerificationKey> usable(JWK jwk) {
        if (jwk.getKeyUse() != null && !KeyUse.SIGNATURE.equals(jwk.getKeyUse())) {
            return Optional.empty();
        }
        try {
            VerificationKey key = VerificationKey.of(Optional.ofNullable(jwk.getKeyID()), publicKey(jwk));
            if (jwk.getAlgorithm() == null) {
                return Optional.of(key);
            }
            return key.algorithms()
                    .stream()
                    .filter(algorithm -> algorithm.getName().equals(jwk.getAlgorithm().getName()))
                    .findFirst()
                    .map(algorithm -> new VerificationKey(key.id(), Set.of(algorithm), key.verifier()));
        } catch (JOSEException | GeneralSecurityException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static PublicKey publicKey(JWK jwk) throws JOSEException, GeneralSecurityException {
        return switch (jwk) {
            case RSAKey rsa -> rsa.toRSAPublicKey();
            case ECKey ec -> ec.toECPublicKey();
            case OctetKeyPair pair when Curve.Ed25519.equals(pair.getCurve()) -> ed25519(pair.getX().decode());
            default -> throw new IllegalArgumentException("Expected a public key, found " + jwk.getKeyType());
        };
    }

    private static PublicKey ed25519(byte[] raw) throws GeneralSecurityException {
        byte[] encoded = new byte[ED25519_PREFIX.length + raw.length];
        System.arraycopy(ED25519_PREFIX, 0, encoded, 0, ED25519_PREFIX.length);
        System.arraycopy(raw, 0, encoded, ED25519_PREFIX.length, raw.length);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }
}
