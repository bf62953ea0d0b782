package dev.parley.adapter.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import dev.parley.domain.IdSource;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.TokenIssuer;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes HS256 tokens that {@link JwtAdapter#ofSecret} accepts with the same secret and checks. */
public final class JwtIssuer implements TokenIssuer {

    private final MACSigner signer;
    private final JwtChecks checks;
    private final InstantSource clock;
    private final IdSource ids;

    private JwtIssuer(MACSigner signer, JwtChecks checks, InstantSource clock, IdSource ids) {
        this.signer = signer;
        this.checks = checks;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * @param checks their issuer and audience are written into each token
     * @param ids where tokens get their own ids
     * @throws IllegalArgumentException when {@code secret} has fewer than 32 bytes in UTF-8
     */
    public static JwtIssuer ofSecret(String secret, JwtChecks checks, InstantSource clock, IdSource ids) {
        try {
            return new JwtIssuer(new MACSigner(Secrets.bytes(secret)), checks, clock, ids);
        } catch (JOSEException e) {
            throw new IllegalArgumentException("Expected a secret that can sign", e);
        }
    }

    @Override
    public String issue(Principal principal, Duration lifetime) {
        if (lifetime.isNegative() || lifetime.isZero()) {
            throw new IllegalArgumentException("Expected a lifetime longer than zero, found " + lifetime);
        }
        Instant now = clock.instant();
        Map<String, Object> claims = new LinkedHashMap<>();
        checks.issuer().ifPresent(issuer -> claims.put("iss", issuer));
        checks.audience().ifPresent(audience -> claims.put("aud", audience));
        claims.put("sub", principal.user().value());
        claims.put("name", principal.name());
        claims.put("roles", principal.roles().stream().sorted().toList());
        // To the millisecond, so that a token made right after its user's others were revoked is not taken for one of them.
        claims.put("iat", seconds(now));
        claims.put("exp", seconds(now.plus(lifetime)));
        if (principal.socketsOnly()) {
            claims.put(Claims.USE, Claims.SOCKETS);
            claims.put("jti", principal.tokenId().orElseGet(ids::next));
        } else {
            claims.put("jti", ids.next());
        }
        JWSObject token = new JWSObject(
                new JWSHeader.Builder(JWSAlgorithm.HS256).type(JOSEObjectType.JWT).build(), new Payload(claims));
        try {
            token.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("Expected that a token can be signed", e);
        }
        return token.serialize();
    }

    private static BigDecimal seconds(Instant time) {
        return BigDecimal.valueOf(time.toEpochMilli(), 3);
    }
}
