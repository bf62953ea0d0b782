package dev.parley.adapter.jwt;

import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.access.Verification;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what a genuine token says. */
final class Claims {

    private static final class Unfit extends Exception {

        private static final long serialVersionUID = 1L;

        Unfit(String message) {
            super(message, null, false, false);
        }
    }

    /** What a token is for, where it is not for everything: {@value #SOCKETS}. */
    static final String USE = "parley_use";

    static final String SOCKETS = "sockets";

    private static final double LATEST = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
    private static final int LONGEST_NAME = 128;
    private static final int MOST_ROLES = 64;

    private final JwtChecks checks;
    private final InstantSource clock;

    Claims(JwtChecks checks, InstantSource clock) {
        this.checks = checks;
        this.clock = clock;
    }

    Verification read(Map<String, Object> claims) {
        try {
            Instant now = clock.instant();
            checkIssuer(claims);
            checkAudience(claims);
            UserId user = user(claims);
            Optional<Instant> issuedAt = time(claims, "iat");
            notAhead(issuedAt, "iat", now);
            notAhead(time(claims, "nbf"), "nbf", now);
            Principal principal = new Principal(
                    user,
                    name(claims).orElse(user.value()),
                    roles(claims.get("roles")),
                    false,
                    text(claims, "jti"),
                    // Whoever does not say when a token was made cannot keep it from being revoked with the others.
                    issuedAt.orElse(Instant.EPOCH),
                    time(claims, "exp"),
                    socketsOnly(claims));
            return principal.expired(now)
                    ? new Verification.Refused(true, "Expected a token in force, found one that has ended")
                    : new Verification.Verified(principal);
        } catch (Unfit e) {
            return new Verification.Refused(false, String.valueOf(e.getMessage()));
        }
    }

    /** A use that is not known here may be narrower than everything: it is no use. */
    private static boolean socketsOnly(Map<String, Object> claims) throws Unfit {
        Optional<String> use = text(claims, USE);
        if (use.isPresent() && !use.get().equals(SOCKETS)) {
            throw new Unfit("Expected a token for a use that is known, found another");
        }
        return use.isPresent();
    }

    private void checkIssuer(Map<String, Object> claims) throws Unfit {
        if (checks.issuer().isPresent() && !checks.issuer().equals(text(claims, "iss"))) {
            throw new Unfit("Expected a token by " + checks.issuer().get() + ", found one by somebody else");
        }
    }

    private void checkAudience(Map<String, Object> claims) throws Unfit {
        if (checks.audience().isEmpty()) {
            return;
        }
        String wanted = checks.audience().get();
        boolean meant =
                switch (claims.get("aud")) {
                    case String one -> one.equals(wanted);
                    case List<?> many -> many.contains(wanted);
                    case null, default -> false;
                };
        if (!meant) {
            throw new Unfit("Expected a token for " + wanted + ", found one for somebody else");
        }
    }

    private static UserId user(Map<String, Object> claims) throws Unfit {
        Optional<String> subject = text(claims, "sub");
        if (subject.isEmpty() || !UserId.isValid(subject.get())) {
            throw new Unfit("Expected a subject of 1 to " + UserId.MAX_LENGTH + " characters, found none such");
        }
        UserId user = new UserId(subject.get());
        if (user.anonymous()) {
            throw new Unfit("Expected a subject with a name of its own, found one like those of anonymous users");
        }
        return user;
    }

    /** What others see: without control characters, cut where it is too long. */
    private static Optional<String> name(Map<String, Object> claims) throws Unfit {
        return text(claims, "name")
                .map(name -> name.replaceAll("\\p{Cntrl}", " ").strip())
                .map(name -> name.codePointCount(0, name.length()) <= LONGEST_NAME
                        ? name
                        : name.substring(0, name.offsetByCodePoints(0, LONGEST_NAME)))
                .filter(name -> !name.isBlank());
    }

    private static Set<String> roles(@Nullable Object claim) throws Unfit {
        Set<String> roles = new LinkedHashSet<>();
        switch (claim) {
            case null -> {}
            case String words -> roles.addAll(List.of(words.strip().split("[\\s,]+", -1)));
            case List<?> many -> {
                for (Object one : many) {
                    if (!(one instanceof String role)) {
                        throw new Unfit("Expected roles that are texts, found something else");
                    }
                    roles.add(role.strip());
                }
            }
            default -> throw new Unfit("Expected roles as a list or a text, found something else");
        }
        roles.remove("");
        if (roles.size() > MOST_ROLES) {
            throw new Unfit("Expected at most " + MOST_ROLES + " roles, found " + roles.size());
        }
        return roles;
    }

    private void notAhead(Optional<Instant> time, String claim, Instant now) throws Unfit {
        if (time.isPresent() && time.get().isAfter(now.plus(checks.skew()))) {
            throw new Unfit("Expected a token that is already in force, found " + claim + " in the future");
        }
    }

    private static Optional<Instant> time(Map<String, Object> claims, String claim) throws Unfit {
        Object value = claims.get(claim);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof Number number) || !(number.doubleValue() >= 0 && number.doubleValue() <= LATEST)) {
            throw new Unfit("Expected " + claim + " in seconds since 1970, found something else");
        }
        return Optional.of(Instant.ofEpochMilli(Math.round(number.doubleValue() * 1_000)));
    }

    private static Optional<String> text(Map<String, Object> claims, String claim) throws Unfit {
        Object value = claims.get(claim);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof String text) {
            return Optional.of(text);
        }
        throw new Unfit("Expected " + claim + " to be a text, found something else");
    }
}
