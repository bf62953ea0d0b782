package dev.parley.bootstrap;

import dev.parley.adapter.jwt.JwtAdapter;
import dev.parley.adapter.jwt.JwtChecks;
import dev.parley.adapter.jwt.JwtIssuer;
import dev.parley.bootstrap.settings.Settings;
import dev.parley.domain.IdSource;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.TokenIssuer;
import dev.parley.domain.access.TokenVerifier;
import dev.parley.domain.access.UserId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/**
 * How tokens are verified, and made where this process can.
 *
 * @param issuer empty where tokens are signed elsewhere
 */
record Tokens(TokenVerifier verifier, Optional<TokenIssuer> issuer) {

    /** An embedder's own. */
    static Tokens verifiedBy(TokenVerifier verifier) {
        return new Tokens(verifier, Optional.empty());
    }

    /** As the settings say. {@code kept} whether a generated secret is kept in the data folder; otherwise it ends with the process */
    static Tokens of(Settings settings, boolean kept, IdSource ids, InstantSource clock, Lifecycle life) {
        Settings.Identity identity = settings.identity();
        JwtChecks checks = checks(identity);
        if (identity.keySet().isPresent()) {
            return verifiedBy(life.opened("keys", JwtAdapter.ofKeySet(identity.keySet().get(), checks, clock)));
        }
        if (identity.publicKey().isPresent()) {
            return verifiedBy(life.opened("keys", JwtAdapter.ofPem(read(identity.publicKey().get()), checks, clock)));
        }
        String secret = identity.secret().orElseGet(() -> kept ? SigningSecret.of(settings.dataFolder()) : random());
        return new Tokens(
                life.opened("keys", JwtAdapter.ofSecret(secret, checks, clock)),
                Optional.of(JwtIssuer.ofSecret(secret, checks, clock, ids)));
    }

    /** A token, where this process can make one. */
    Optional<String> issue(UserId user, String name, Set<String> roles, Duration lifetime) {
        Principal principal =
                new Principal(user, name, roles, false, Optional.empty(), Instant.EPOCH, Optional.empty());
        return issuer.map(maker -> maker.issue(principal, lifetime));
    }

    private static JwtChecks checks(Settings.Identity identity) {
        return new JwtChecks(identity.issuer(), identity.audience(), JwtChecks.DEFAULT.skew());
    }

    private static String random() {
        byte[] bytes = new byte[48];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String read(Path pem) {
        try {
            return Files.readString(pem);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("Expected to read " + pem, unreadable);
        }
    }
}
