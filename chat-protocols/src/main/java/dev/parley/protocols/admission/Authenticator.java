package dev.parley.protocols.admission;

import dev.parley.domain.access.Principal;
import dev.parley.domain.access.Revocations;
import dev.parley.domain.access.TokenVerifier;
import dev.parley.domain.access.UserId;
import dev.parley.domain.access.Verification;
import dev.parley.domain.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/** Tells who a client is by what it brought. Safe for use by many threads; blocks where the verifier and the revocations do. */
public final class Authenticator {

    /** Whether a token is needed. */
    public enum Mode {
        REQUIRED,
        /** Who brings none is anonymous; who brings a bad one is refused all the same. */
        OPTIONAL
    }

    /** What became of the question. */
    public sealed interface Identity {

        /**
         * It is known who this is.
         *
         * @param newClientId what an anonymous client is to keep in a cookie to be the same user again
         */
        record Known(Principal principal, Optional<String> newClientId) implements Identity {}

        /** It is nobody who may in. */
        record Rejected(ErrorCode code) implements Identity {}
    }

    private final TokenVerifier verifier;
    private final Revocations revocations;
    private final Mode mode;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    public Authenticator(TokenVerifier verifier, Revocations revocations, Mode mode, InstantSource clock) {
        this.verifier = verifier;
        this.revocations = revocations;
        this.mode = mode;
        this.clock = clock;
    }

    /** @throws dev.parley.domain.error.UnavailableException when nobody can tell now */
    public Identity identify(Credentials credentials) {
        if (credentials.token().isPresent()) {
            return switch (verifier.verify(credentials.token().get())) {
                // A verifier of somebody else's may not know that these names are taken.
                case Verification.Verified verified -> verified.principal().user().anonymous()
                        || revocations.revoked(verified.principal())
                                ? new Identity.Rejected(ErrorCode.UNAUTHORIZED)
                                : new Identity.Known(verified.principal(), Optional.empty());
                case Verification.Refused refused -> new Identity.Rejected(
                        refused.expired() ? ErrorCode.TOKEN_EXPIRED : ErrorCode.UNAUTHORIZED);
            };
        }
        return switch (mode) {
            case REQUIRED -> new Identity.Rejected(ErrorCode.UNAUTHORIZED);
            case OPTIONAL -> credentials
                    .clientId()
                    .map(id -> anonymous(id, Optional.empty()))
                    .orElseGet(this::newcomer);
        };
    }

    private Identity newcomer() {
        byte[] bytes = new byte[18];
        random.nextBytes(bytes);
        String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        return anonymous(id, Optional.of(id));
    }

    /** What a client calls itself is its secret: the user id that others see is only derived from it. */
    private Identity anonymous(String clientId, Optional<String> newClientId) {
        UserId user = new UserId(UserId.ANONYMOUS + digest(clientId));
        return new Identity.Known(
                new Principal(user, "Guest", Set.of(), true, Optional.empty(), clock.instant(), Optional.empty()),
                newClientId);
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash).substring(0, 22);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("Expected SHA-256, which every Java platform has", missing);
        }
    }
}
