package dev.parley.adapter.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.util.Base64URL;
import dev.parley.domain.access.TokenVerifier;
import dev.parley.domain.access.Verification;
import dev.parley.domain.access.Verification.Refused;
import java.net.URI;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.Map;

/**
 * Verifies signed JSON Web Tokens: HS256 with a secret, or RS256, ES256 and EdDSA (Ed25519) with public keys from a key set's
 * address or from PEM. Which algorithms count is decided by the keys, never by the token.
 */
public final class JwtAdapter implements TokenVerifier, AutoCloseable {

    /** Longer tokens are refused unread. */
    public static final int MAX_LENGTH = 16 * 1024;

    private final Keys keys;
    private final Claims claims;

    private JwtAdapter(Keys keys, Claims claims) {
        this.keys = keys;
        this.claims = claims;
    }

    /** @throws IllegalArgumentException when {@code secret} has fewer than 32 bytes in UTF-8 */
    public static JwtAdapter ofSecret(String secret, JwtChecks checks, InstantSource clock) {
        return new JwtAdapter(Keys.ofSecret(Secrets.bytes(secret)), new Claims(checks, clock));
    }

    /**
     * Keys come from {@code keySet} when the first token does, are asked for again after a quarter of an hour or when a token
     * names a key that is not among them, and stay good for a day while the address does not answer.
     */
    public static JwtAdapter ofKeySet(URI keySet, JwtChecks checks, InstantSource clock) {
        return new JwtAdapter(new RemoteKeys(keySet, clock), new Claims(checks, clock));
    }

    /**
     * @param pem one or more public keys or certificates
     * @throws IllegalArgumentException when there is none, or one that cannot be used
     */
    public static JwtAdapter ofPem(String pem, JwtChecks checks, InstantSource clock) {
        return new JwtAdapter(Keys.of(PemKeys.read(pem)), new Claims(checks, clock));
    }

    @Override
    public Verification verify(String token) {
        if (token.length() > MAX_LENGTH) {
            return refused("Expected a token of at most " + MAX_LENGTH + " characters, found " + token.length());
        }
        JWSObject jws;
        try {
            jws = JWSObject.parse(token);
        } catch (ParseException | IllegalArgumentException | IllegalStateException e) {
            return refused("Expected a signed token in three parts, found what cannot be read");
        }
        JWSHeader header = jws.getHeader();
        if (header.getCriticalParams() != null || !header.isBase64URLEncodePayload()) {
            return refused("Expected a token without critical extensions, found some");
        }
        // The library reads other alphabets too and passes over what no byte needs, so one signature could be written in many ways.
        if (!Base64URL.encode(jws.getSignature().decode()).equals(jws.getSignature())) {
            return refused("Expected a signature as base64url writes it (RFC 7515, section 2), found another spelling");
        }
        return switch (keys.check(jws)) {
            case GENUINE -> payload(jws);
            case WRONG_ALGORITHM -> refused("Expected one of " + keys.algorithms() + ", found " + named(header.getAlgorithm()));
            case UNKNOWN_KEY -> refused("Expected a key that is known, found another");
            case WRONG_SIGNATURE -> refused("Expected a signature by a known key, found another");
        };
    }

    private Verification payload(JWSObject jws) {
        Map<String, Object> object = jws.getPayload().toJSONObject();
        return object == null ? refused("Expected a JSON object inside, found something else") : claims.read(object);
    }

    private static String named(JWSAlgorithm algorithm) {
        String name = algorithm.getName();
        return name.matches("[A-Za-z0-9-]{1,20}") ? name : "something odd";
    }

    private static Verification refused(String reason) {
        return new Refused(false, reason);
    }

    @Override
    public void close() {
        keys.close();
    }
}
