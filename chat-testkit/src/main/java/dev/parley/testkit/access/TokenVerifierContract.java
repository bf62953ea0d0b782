package dev.parley.testkit.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.access.Principal;
import dev.parley.domain.access.TokenVerifier;
import dev.parley.domain.access.UserId;
import dev.parley.domain.access.Verification;
import dev.parley.domain.access.Verification.Refused;
import dev.parley.domain.access.Verification.Verified;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What every {@link TokenVerifier} of signed JSON web tokens keeps to. */
public abstract class TokenVerifierContract {

    protected abstract TokenVerifier verifier();

    /** A token with these claims and a signature that counts. */
    protected abstract String signed(Map<String, Object> claims);

    /** A token with these claims, signed with the same algorithm by somebody unknown. */
    protected abstract String signedByStranger(Map<String, Object> claims);

    /** The verifier's time: the same at every call until it is moved, and a whole second at first. */
    protected abstract Instant now();

    protected abstract void advance(Duration step);

    @Nested
    class Believing {

        @Test
        void all_that_a_token_says() {
            long now = now().getEpochSecond();
            String token = signed(Map.of(
                    "sub", "ana", "name", "Ana 😀", "roles", List.of("admin", "user"), "jti", "token-1", "iat", now - 5,
                    "nbf", now - 5, "exp", now + 60));
            assertThat(verifier().verify(token))
                    .isEqualTo(new Verified(new Principal(
                            new UserId("ana"),
                            "Ana 😀",
                            Set.of("admin", "user"),
                            false,
                            Optional.of("token-1"),
                            Instant.ofEpochSecond(now - 5),
                            Optional.of(Instant.ofEpochSecond(now + 60)))));
        }

        @Test
        void a_subject_is_enough() {
            Principal principal = believed(signed(Map.of("sub", "ana")));
            assertThat(principal.user()).isEqualTo(new UserId("ana"));
            assertThat(principal.name()).isEqualTo("ana");
            assertThat(principal.roles()).isEmpty();
            assertThat(principal.tokenId()).isEmpty();
            assertThat(principal.expiresAt()).isEmpty();
            assertThat(principal.issuedAt()).isEqualTo(Instant.EPOCH);
        }

        @Test
        void roles_may_be_a_text() {
            assertThat(believed(signed(Map.of("sub", "ana", "roles", "admin, user  service"))).roles())
                    .containsExactlyInAnyOrder("admin", "user", "service");
            assertThat(believed(signed(Map.of("sub", "ana", "roles", ""))).roles()).isEmpty();
        }

        @Test
        void an_odd_name_does_no_harm() {
            assertThat(believed(signed(Map.of("sub", "ana", "name", " \n "))).name()).isEqualTo("ana");
            assertThat(believed(signed(Map.of("sub", "ana", "name", "A\nB\u0000"))).name()).isEqualTo("A B");
            assertThat(believed(signed(Map.of("sub", "ana", "name", "x".repeat(5_000)))).name().length()).isLessThan(500);
        }

        @Test
        void other_claims_do_not_matter() {
            assertThat(believed(signed(Map.of("sub", "ana", "x", Map.of("y", List.of(1, true, "z"))))).user())
                    .isEqualTo(new UserId("ana"));
        }
    }

    @Nested
    class Time {

        @Test
        void a_token_ends_when_it_says() {
            String token = signed(Map.of("sub", "ana", "exp", now().getEpochSecond() + 10));
            believed(token);
            advance(Duration.ofSeconds(9));
            believed(token);
            advance(Duration.ofSeconds(1));
            assertThat(refused(token).expired()).isTrue();
        }

        @Test
        void age_is_named_only_when_nothing_else_is_wrong() {
            assertThat(refused(signedByStranger(Map.of("sub", "ana", "exp", 1))).expired()).isFalse();
            assertThat(refused(signed(Map.of("exp", 1))).expired()).isFalse();
            assertThat(refused(signed(Map.of("sub", "ana", "exp", 1))).expired()).isTrue();
        }

        @Test
        void a_token_from_the_future_is_refused() {
            long later = now().plus(Duration.ofHours(1)).getEpochSecond();
            assertThat(refused(signed(Map.of("sub", "ana", "nbf", later))).expired()).isFalse();
            assertThat(refused(signed(Map.of("sub", "ana", "iat", later))).expired()).isFalse();
            advance(Duration.ofHours(1));
            believed(signed(Map.of("sub", "ana", "nbf", later, "iat", later)));
        }

        @Test
        void times_that_make_no_sense_are_refused() {
            for (Object odd : List.of("tomorrow", -1, 1e300, Long.MAX_VALUE, true, List.of())) {
                for (String claim : List.of("exp", "nbf", "iat")) {
                    refused(signed(Map.of("sub", "ana", claim, odd)));
                }
            }
        }
    }

    @Nested
    class HostileInput {

        @Test
        void a_stranger_is_not_believed() {
            refused(signedByStranger(Map.of("sub", "ana")));
        }

        @Test
        void subjects_that_name_nobody_are_refused() {
            refused(signed(Map.of("name", "Ana")));
            for (Object odd : List.of("", " ", "a\nb", "x".repeat(200), 7, List.of("ana"), Map.of())) {
                refused(signed(Map.of("sub", odd)));
            }
        }

        @Test
        void roles_that_are_none_are_refused() {
            for (Object odd : List.of(7, Map.of("admin", true), List.of("user", 7), List.of(List.of("admin")))) {
                refused(signed(Map.of("sub", "ana", "roles", odd)));
            }
        }

        @Test
        void a_token_that_was_changed_anywhere_is_refused() {
            String token = signed(new HashMap<>(Map.of("sub", "ana", "roles", "user")));
            String[] parts = token.split("\\.", -1);
            String other = signed(new HashMap<>(Map.of("sub", "ana", "roles", "admin")));
            String[] otherParts = other.split("\\.", -1);
            refused(parts[0] + "." + otherParts[1] + "." + parts[2]);
            refused(parts[0] + "." + parts[1] + "." + otherParts[2]);
            refused(parts[0] + "." + parts[1] + ".");
            refused(parts[0] + "." + parts[1]);
            refused("." + parts[1] + "." + parts[2]);
            refused(token + "." + parts[2]);
            refused(token + "A");
            refused(" " + token + "x");
        }

        @Test
        void garbage_is_refused_and_never_throws() {
            List<String> garbage = new ArrayList<>(
                    List.of("", ".", "..", "...", "....", "null", "Bearer x", "\u0000", "é.é.é", "e30.e30.", "e30.e30.e30"));
            garbage.add("x".repeat(2_000_000));
            garbage.add("e30.".repeat(100_000));
            long seed = new Random().nextLong();
            Random random = new Random(seed);
            String genuine = signed(Map.of("sub", "ana", "exp", now().getEpochSecond() + 10));
            for (int i = 0; i < 500; i++) {
                char[] changed = genuine.toCharArray();
                for (int j = 0; j < 1 + random.nextInt(4); j++) {
                    changed[random.nextInt(changed.length - 4)] = (char) (32 + random.nextInt(95));
                }
                String mutant = new String(changed);
                if (!mutant.equals(genuine)) {
                    garbage.add(mutant);
                }
            }
            for (String token : garbage) {
                assertThat(verifier().verify(token))
                        .as("seed %d, token %.200s", seed, token)
                        .isInstanceOf(Refused.class);
            }
        }

        @Test
        void the_reason_does_not_repeat_the_token() {
            String token = signedByStranger(Map.of("sub", "ana"));
            for (String part : token.split("\\.", -1)) {
                assertThat(refused(token).reason()).doesNotContain(part);
            }
            assertThat(refused(token).toString()).doesNotContain(token);
        }
    }

    private Principal believed(String token) {
        Verification verification = verifier().verify(token);
        if (verification instanceof Verified verified) {
            return verified.principal();
        }
        throw new AssertionError("Expected that the token is believed, found " + verification);
    }

    private Refused refused(String token) {
        Verification verification = verifier().verify(token);
        if (verification instanceof Refused refused) {
            return refused;
        }
        throw new AssertionError("Expected that the token is refused, found " + verification);
    }
}
