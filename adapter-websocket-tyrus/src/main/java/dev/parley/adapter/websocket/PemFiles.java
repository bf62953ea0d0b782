package dev.parley.adapter.websocket;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Certificates and keys as OpenSSL and the ACME clients write them. Everything that is wrong is an {@link IllegalArgumentException}
 * that says what, and nothing of a key.
 */
final class PemFiles {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

    private PemFiles() {}

    /** In the file's order. */
    static List<X509Certificate> certificates(String pem) {
        List<X509Certificate> chain = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(pem);
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            while (blocks.find()) {
                if (blocks.group(1).equals("CERTIFICATE") || blocks.group(1).equals("X509 CERTIFICATE")) {
                    chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(bytes(blocks.group(2)))));
                }
            }
        } catch (GeneralSecurityException broken) {
            throw new IllegalArgumentException("Expected certificates, found one that cannot be read", broken);
        }
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("Expected a certificate in PEM, found none");
        }
        for (int i = 1; i < chain.size(); i++) {
            if (!chain.get(i - 1).getIssuerX500Principal().equals(chain.get(i).getSubjectX500Principal())) {
                throw new IllegalArgumentException("Expected the server's certificate first and each behind it to have issued"
                        + " the one before, found another order");
            }
        }
        return chain;
    }

    /** The key that belongs to {@code certified}: PKCS #8, or what OpenSSL wrote before, without a password. */
    static PrivateKey key(String pem, PublicKey certified) {
        Matcher blocks = BLOCK.matcher(pem);
        while (blocks.find()) {
            String label = blocks.group(1);
            switch (label) {
                case "PRIVATE KEY" -> {
                    return fitting(bytes(blocks.group(2)), certified);
                }
                case "RSA PRIVATE KEY", "EC PRIVATE KEY" -> {
                    return fitting(modern(bytes(blocks.group(2)), certified), certified);
                }
                case "ENCRYPTED PRIVATE KEY" -> throw new IllegalArgumentException(
                        "Expected a key without a password (openssl pkey -in key.pem -out plain.pem takes it away), found one with it");
                default -> {}
            }
        }
        throw new IllegalArgumentException(
                pem.contains("Proc-Type: 4,ENCRYPTED")
                        ? "Expected a key without a password, found one with it"
                        : "Expected a private key in PEM, found none");
    }

    private static PrivateKey fitting(byte[] pkcs8, PublicKey certified) {
        try {
            PrivateKey key =
                    KeyFactory.getInstance(certified.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            Signature signature = Signature.getInstance(signatureOf(certified));
            byte[] sample = "parley".getBytes(StandardCharsets.US_ASCII);
            signature.initSign(key);
            signature.update(sample);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(sample);
            if (signature.verify(signed)) {
                return key;
            }
        } catch (GeneralSecurityException unfit) {
            throw new IllegalArgumentException("Expected the certificate's key, found one that does not fit it", unfit);
        }
        throw new IllegalArgumentException("Expected the certificate's key, found another's");
    }

    private static String signatureOf(PublicKey certified) {
        return switch (certified.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "EdDSA", "Ed25519", "Ed448" -> "EdDSA";
            default -> throw new IllegalArgumentException(
                    "Expected a certificate for RSA, EC or EdDSA, found " + certified.getAlgorithm());
        };
    }

    /**
     * Puts a key of an older form into PKCS #8: what it leaves out, the kind of key and its curve, stands in the certificate in the very
     * same words.
     */
    private static byte[] modern(byte[] older, PublicKey certified) {
        byte[] whole = certified.getEncoded();
        int kind = start(whole, 0);
        byte[] algorithm = java.util.Arrays.copyOfRange(whole, kind, start(whole, kind) + length(whole, kind));
        return der(SEQUENCE, join(VERSION_0, algorithm, der(OCTET_STRING, older)));
    }

    /** Where the content of the element at {@code at} begins. */
    private static int start(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
    }

    private static int length(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < (first & 0x7f); i++) {
            length = length << 8 | der[at + 2 + i] & 0xff;
        }
        return length;
    }

    private static byte[] der(int tag, byte[] content) {
        int size = content.length;
        byte[] head = size < 0x80
                ? new byte[] {(byte) tag, (byte) size}
                : size <= 0xffff
                        ? new byte[] {(byte) tag, (byte) 0x82, (byte) (size >> 8), (byte) size}
                : new byte[] {(byte) tag, (byte) 0x83, (byte) (size >> 16), (byte) (size >> 8), (byte) size};
        return join(head, content);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }

    private static byte[] bytes(String base64) {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException broken) {
            throw new IllegalArgumentException("Expected PEM, found something else between its lines");
        }
    }
}
