package dev.parley.adapter.jwt;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Public keys and certificates in PEM. */
final class PemKeys {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    private PemKeys() {}

    static List<VerificationKey> read(String pem) {
        List<VerificationKey> keys = new ArrayList<>();
        Matcher block = BLOCK.matcher(pem);
        while (block.find()) {
            keys.add(VerificationKey.of(Optional.empty(), key(block.group(1), block.group(2))));
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("Expected a PEM public key or certificate, found none");
        }
        return List.copyOf(keys);
    }

    private static PublicKey key(String kind, String base64) {
        try {
            byte[] der = Base64.getMimeDecoder().decode(base64);
            return switch (kind) {
                case "PUBLIC KEY" -> publicKey(der);
                case "CERTIFICATE" -> CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(der))
                        .getPublicKey();
                default -> throw new IllegalArgumentException(
                        "Expected a PEM public key or certificate, found a block called " + kind);
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("Expected a PEM public key, found one that cannot be read", e);
        }
    }

    private static PublicKey publicKey(byte[] der) throws GeneralSecurityException {
        Optional<PublicKey> key = Optional.empty();
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            key = key.or(() -> keyFor(algorithm, der));
        }
        return key.orElseThrow(
                () -> new InvalidKeySpecException("Expected a public key for RSA, EC or Ed25519, found another"));
    }

    private static Optional<PublicKey> keyFor(String algorithm, byte[] der) {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der)));
        } catch (InvalidKeySpecException | NoSuchAlgorithmException e) {
            return Optional.empty();
        }
    }
}
