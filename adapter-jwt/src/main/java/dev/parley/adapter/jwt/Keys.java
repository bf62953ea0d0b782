package dev.parley.adapter.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What signatures are checked with. Safe for use by many threads. */
interface Keys extends AutoCloseable {

    /** What a look at the signature says. */
    enum Finding {
        GENUINE,
        WRONG_ALGORITHM,
        UNKNOWN_KEY,
        WRONG_SIGNATURE
    }

    Finding check(JWSObject jws);

    /** Names of the algorithms that count. */
    Set<String> algorithms();

    @Override
    default void close() {}

    static Keys ofSecret(byte[] secret) {
        return new Keys() {
            @Override
            public Finding check(JWSObject jws) {
                if (!JWSAlgorithm.HS256.equals(jws.getHeader().getAlgorithm())) {
                    return Finding.WRONG_ALGORITHM;
                }
                try {
                    return signed(jws, new MACVerifier(secret)) ? Finding.GENUINE : Finding.WRONG_SIGNATURE;
                } catch (JOSEException e) {
                    return Finding.WRONG_SIGNATURE;
                }
            }

            @Override
            public Set<String> algorithms() {
                return Set.of(JWSAlgorithm.HS256.getName());
            }
        };
    }

    /** These keys and no others, whatever key a token names. */
    static Keys of(List<VerificationKey> keys) {
        return new Keys() {
            @Override
            public Finding check(JWSObject jws) {
                return checkWith(keys, jws);
            }

            @Override
            public Set<String> algorithms() {
                return keys.stream()
                        .flatMap(key -> key.algorithms().stream())
                        .map(JWSAlgorithm::getName)
                        .collect(Collectors.toUnmodifiableSet());
            }
        };
    }

    /** Whether any of {@code keys} that may sign with the token's algorithm did so. */
    static Finding checkWith(List<VerificationKey> keys, JWSObject jws) {
        Finding finding = Finding.WRONG_ALGORITHM;
        for (VerificationKey key : keys) {
            if (key.algorithms().contains(jws.getHeader().getAlgorithm())) {
                if (signed(jws, key.verifier())) {
                    return Finding.GENUINE;
                }
                finding = Finding.WRONG_SIGNATURE;
            }
        }
        return finding;
    }

    private static boolean signed(JWSObject jws, JWSVerifier verifier) {
        try {
            return jws.verify(verifier);
        } catch (JOSEException | IllegalArgumentException | IllegalStateException e) {
            return false;
        }
    }
}
