package dev.parley.testkit.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.domain.access.Principal;
import dev.parley.domain.access.TokenIssuer;
import dev.parley.domain.access.TokenVerifier;
import dev.parley.domain.access.UserId;
import dev.parley.domain.access.Verification;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every {@link TokenIssuer} keeps to, seen through the verifier that goes with it. */
public abstract class TokenIssuerContract {

    private static final Duration HOUR = Duration.ofHours(1);

    protected abstract TokenIssuer issuer();

    /** The server's own verifier. */
    protected abstract TokenVerifier verifier();

    protected abstract Instant now();

    protected abstract void advance(Duration step);

    @Test
    void a_token_is_believed_for_its_lifetime_and_no_longer() {
        String token = issuer().issue(ana(), HOUR);
        assertThat(verifier().verify(token)).isInstanceOf(Verification.Verified.class);
        advance(HOUR.minusSeconds(1));
        assertThat(verifier().verify(token)).isInstanceOf(Verification.Verified.class);
        advance(Duration.ofSeconds(1));
        assertThat(verifier().verify(token))
                .isInstanceOfSatisfying(Verification.Refused.class, refused -> assertThat(refused.expired()).isTrue());
    }

    @Test
    void a_token_for_sockets_says_so_and_shares_the_id_of_the_one_it_stands_for() {
        Principal asker = believed(issuer().issue(ana(), HOUR));
        assertThat(asker.socketsOnly()).isFalse();
        Principal socket = believed(issuer().issue(asker.forSockets(), HOUR.multipliedBy(24)));
        assertThat(socket.socketsOnly()).isTrue();
        assertThat(socket.user()).isEqualTo(asker.user());
        assertThat(socket.tokenId()).isEqualTo(asker.tokenId());
        Principal nameless = new Principal(
                asker.user(), asker.name(), asker.roles(), false, Optional.empty(), now(), Optional.empty());
        assertThat(believed(issuer().issue(nameless.forSockets(), HOUR)).tokenId()).isPresent();
    }

    @Test
    void it_says_who_it_is_for_and_nothing_else_of_the_old_token() {
        Principal principal = believed(issuer().issue(ana(), HOUR));
        assertThat(principal.user()).isEqualTo(ana().user());
        assertThat(principal.name()).isEqualTo("Ana \"😀\"");
        assertThat(principal.roles()).isEqualTo(ana().roles());
        assertThat(principal.anonymous()).isFalse();
        assertThat(principal.issuedAt()).isEqualTo(now());
        assertThat(principal.expiresAt()).contains(now().plus(HOUR));
        assertThat(principal.tokenId()).isPresent().isNotEqualTo(ana().tokenId());
    }

    @Test
    void every_token_has_an_id_of_its_own() {
        assertThat(believed(issuer().issue(ana(), HOUR)).tokenId())
                .isNotEqualTo(believed(issuer().issue(ana(), HOUR)).tokenId());
    }

    @Test
    void a_token_made_right_after_a_moment_is_not_as_old_as_that_moment() {
        Instant before = now();
        advance(Duration.ofMillis(1));
        assertThat(believed(issuer().issue(ana(), HOUR)).issuedAt()).isAfter(before);
    }

    @Test
    void a_lifetime_of_nothing_is_the_callers_mistake() {
        assertThatThrownBy(() -> issuer().issue(ana(), Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> issuer().issue(ana(), Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private Principal believed(String token) {
        Verification verification = verifier().verify(token);
        if (verification instanceof Verification.Verified verified) {
            return verified.principal();
        }
        throw new AssertionError("Expected that the token is believed, found " + verification);
    }

    private static Principal ana() {
        return new Principal(
                new UserId("ana|x y"),
                "Ana \"😀\"",
                Set.of("admin", "user"),
                false,
                Optional.of("old-token"),
                Instant.EPOCH,
                Optional.of(Instant.EPOCH));
    }
}
