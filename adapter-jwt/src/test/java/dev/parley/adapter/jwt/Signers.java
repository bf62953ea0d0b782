package dev.parley.adapter.jwt;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

/** Tokens as others make them. */
final class Signers {

    static final String SECRET = "a secret of at least thirty-two bytes, é";

    private Signers() {}

    static String signed(JWSAlgorithm algorithm, String keyId, JWSSigner signer, Map<String, Object> claims) {
        try {
            JWSHeader.Builder header = new JWSHeader.Builder(algorithm);
            JWSObject token = new JWSObject(
                    (keyId.isEmpty() ? header : header.keyID(keyId)).build(), new Payload(claims));
            token.sign(signer);
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static KeyPair pair(String algorithm, int size) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (size > 0) {
                generator.initialize(size);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String ed25519(KeyPair pair, String keyId, Map<String, Object> claims) {
        try {
            String header = keyId.isEmpty()
                    ? "{\"alg\":\"EdDSA\"}"
                    : "{\"alg\":\"EdDSA\",\"kid\":\"" + keyId + "\"}";
            String input = encoded(header) + "." + new Payload(claims).toBase64URL();
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(pair.getPrivate());
            signature.update(input.getBytes(UTF_8));
            return input + "." + Base64URL.encode(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String pem(KeyPair pair) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    /** The last 32 bytes of an Ed25519 key's X.509 form are the key. */
    static String okp(KeyPair pair, String keyId) {
        byte[] encoded = ((EdECPublicKey) pair.getPublic()).getEncoded();
        byte[] raw = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        return "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"use\":\"sig\",\"kid\":\"" + keyId + "\",\"x\":\""
                + Base64URL.encode(raw) + "\"}";
    }

    static String encoded(String text) {
        return Base64URL.encode(text).toString();
    }
}
