package dev.parley.protocols.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.access.Verification;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.session.ClientInfo;
import dev.parley.testkit.time.ManualTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionTest {

    private static final Principal ANN = Principal.trusted(new UserId("ann"));

    @ParameterizedTest
    @CsvSource({
        // allowed list, origin, host, expected
        "'', '', 'chat.example.org', true",
        "'', 'https://chat.example.org', 'chat.example.org', true",
        "'', 'http://chat.example.org:8080', 'chat.example.org:8080', true",
        "'', 'http://chat.example.org:80', 'chat.example.org', true",
        "'', 'http://localhost:5173', 'chat.example.org', true",
        "'', 'http://127.0.0.1', 'chat.example.org', true",
        "'', 'http://[::1]:3000', 'chat.example.org', true",
        "'', 'http://localhost.evil.org', 'chat.example.org', false",
        "'', 'https://evil.org', 'chat.example.org', false",
        "'', 'https://chat.example.org.evil.org', 'chat.example.org', false",
        "'', 'null', 'chat.example.org', false",
        "'', 'file://', 'chat.example.org', false",
        "'*', 'https://evil.org', 'chat.example.org', true",
        "'https://App.example.org/', 'https://app.example.org', 'chat.example.org', true",
        "'https://app.example.org', 'http://localhost:5173', 'chat.example.org', false",
        "'https://app.example.org', 'https://chat.example.org', 'chat.example.org', true",
    })
    void pages_are_let_in_by_their_origin(String allowed, String origin, String host, boolean expected) {
        OriginPolicy policy = new OriginPolicy(allowed.isEmpty() ? List.of() : List.of(allowed));
        String scheme = origin.startsWith("https") ? "https" : "http";
        assertThat(policy.allows(
                Optional.of(origin).filter(text -> !text.isEmpty()), new Peer("192.0.2.1", scheme, Optional.of(host))))
                .isEqualTo(expected);
    }

    @Test
    void a_page_of_the_same_name_but_another_scheme_is_another_page() {
        OriginPolicy policy = new OriginPolicy(List.of());
        Peer secure = new Peer("192.0.2.1", "https", Optional.of("chat.example.org"));
        Peer plain = new Peer("192.0.2.1", "http", Optional.of("chat.example.org"));
        assertThat(policy.allows(Optional.of("https://chat.example.org"), secure)).isTrue();
        assertThat(policy.allows(Optional.of("http://chat.example.org"), secure)).isFalse();
        assertThat(policy.allows(Optional.of("https://chat.example.org"), plain)).isFalse();
        assertThat(policy.allows(Optional.of("https://chat.example.org"), new Peer("", "https", Optional.empty()))).isFalse();
    }

    @Test
    void the_token_comes_from_the_header_before_the_subprotocol_before_the_parameter() {
        assertThat(credentials(Optional.of("Bearer h"), List.of("parley", "bearer.s"), Optional.of("q")).token())
                .contains("h");
        assertThat(credentials(Optional.of("Basic h"), List.of("parley", "bearer.s"), Optional.of("q")).token())
                .contains("s");
        assertThat(credentials(Optional.empty(), List.of("parley"), Optional.of("q")).token()).contains("q");
        assertThat(credentials(Optional.empty(), List.of(), Optional.empty()).token()).isEmpty();
        assertThat(credentials(Optional.of("Bearer secret"), List.of(), Optional.empty()).toString())
                .doesNotContain("secret");
    }

    @Test
    void a_client_that_offers_subprotocols_gets_one() {
        assertThat(Credentials.selected(List.of("bearer.x", "parley"))).contains("parley");
        assertThat(Credentials.selected(List.of("bearer.x", "other"))).contains("other");
        assertThat(Credentials.selected(List.of("bearer.x"))).contains("bearer.x");
        assertThat(Credentials.selected(List.of())).isEmpty();
    }

    @Test
    void without_a_token_nobody_is_known_unless_that_is_wanted() {
        assertThat(identify(Authenticator.Mode.REQUIRED, Optional.empty(), Optional.empty()))
                .isEqualTo(new Authenticator.Identity.Rejected(ErrorCode.UNAUTHORIZED));
        Authenticator.Identity first = identify(Authenticator.Mode.OPTIONAL, Optional.empty(), Optional.empty());
        assertThat(first).isInstanceOfSatisfying(Authenticator.Identity.Known.class, known -> {
            assertThat(known.principal().anonymous()).isTrue();
            Authenticator.Identity again =
                    identify(Authenticator.Mode.OPTIONAL, Optional.empty(), known.newClientId());
            assertThat(again).isEqualTo(new Authenticator.Identity.Known(known.principal(), Optional.empty()));
            assertThat(known.principal().user().value()).doesNotContain(known.newClientId().orElseThrow());
        });
    }

    @Test
    void a_bad_token_is_refused_even_where_none_is_needed() {
        assertThat(identify(Authenticator.Mode.OPTIONAL, Optional.of("bad"), Optional.of("me")))
                .isEqualTo(new Authenticator.Identity.Rejected(ErrorCode.UNAUTHORIZED));
        assertThat(identify(Authenticator.Mode.OPTIONAL, Optional.of("old"), Optional.empty()))
                .isEqualTo(new Authenticator.Identity.Rejected(ErrorCode.TOKEN_EXPIRED));
        assertThat(identify(Authenticator.Mode.REQUIRED, Optional.of("good"), Optional.empty()))
                .isEqualTo(new Authenticator.Identity.Known(ANN, Optional.empty()));
        assertThat(identify(Authenticator.Mode.OPTIONAL, Optional.of("anonymous"), Optional.empty()))
                .isEqualTo(new Authenticator.Identity.Rejected(ErrorCode.UNAUTHORIZED));
        assertThat(identify(Authenticator.Mode.REQUIRED, Optional.of("revoked"), Optional.empty()))
                .isEqualTo(new Authenticator.Identity.Rejected(ErrorCode.UNAUTHORIZED));
    }

    @Test
    void places_are_counted_in_all_and_by_user() {
        ConnectionSlots slots = new ConnectionSlots(3, 2);
        ConnectionSlots.Place first = take(slots, "a");
        take(slots, "a");
        assertThat(take(slots, "a")).isEqualTo(new ConnectionSlots.Place.UserFull());
        take(slots, "b");
        assertThat(take(slots, "c")).isEqualTo(new ConnectionSlots.Place.NodeFull());
        assertThat(first).isInstanceOfSatisfying(ConnectionSlots.Place.Taken.class, taken -> {
            taken.release().close();
            taken.release().close();
        });
        assertThat(slots.taken()).isEqualTo(2);
        assertThat(take(slots, "a")).isInstanceOf(ConnectionSlots.Place.Taken.class);
    }

    @Test
    void a_users_connections_to_other_nodes_count_too_where_they_are_known() {
        AtomicInteger everywhere = new AtomicInteger();
        ConnectionSlots slots = new ConnectionSlots(100, 2).countingEverywhere(user -> everywhere.get());
        assertThat(take(slots, "a")).isInstanceOf(ConnectionSlots.Place.Taken.class);
        everywhere.set(2);
        assertThat(take(slots, "a")).isEqualTo(new ConnectionSlots.Place.UserFull());
        everywhere.set(1);
        assertThat(take(slots, "a")).isInstanceOf(ConnectionSlots.Place.Taken.class);
        everywhere.set(0);
        assertThat(take(slots, "a")).as("what is here counts whatever others know")
                .isEqualTo(new ConnectionSlots.Place.UserFull());
    }

    @Test
    void anonymous_users_of_one_address_have_the_places_of_one_user() {
        ConnectionSlots slots = new ConnectionSlots(100, 2);
        ConnectionSlots.Place first = slots.take(guest("anon-1"), from("192.0.2.1"));
        slots.take(guest("anon-2"), from("192.0.2.1"));
        assertThat(slots.take(guest("anon-3"), from("192.0.2.1"))).isEqualTo(new ConnectionSlots.Place.UserFull());
        assertThat(slots.take(guest("anon-3"), from("192.0.2.2"))).isInstanceOf(ConnectionSlots.Place.Taken.class);
        assertThat(slots.take(ANN, from("192.0.2.1"))).isInstanceOf(ConnectionSlots.Place.Taken.class);
        ((ConnectionSlots.Place.Taken) first).release().close();
        assertThat(slots.take(guest("anon-4"), from("192.0.2.1"))).isInstanceOf(ConnectionSlots.Place.Taken.class);
    }

    @Test
    void an_anonymous_user_who_moves_about_has_no_more_places_for_it() {
        ConnectionSlots slots = new ConnectionSlots(100, 2);
        slots.take(guest("anon-1"), from("192.0.2.1"));
        slots.take(guest("anon-1"), from("192.0.2.2"));
        assertThat(slots.take(guest("anon-1"), from("192.0.2.3"))).isEqualTo(new ConnectionSlots.Place.UserFull());
    }

    private static ConnectionSlots.Place take(ConnectionSlots slots, String user) {
        return slots.take(Principal.trusted(new UserId(user)), ClientInfo.UNKNOWN);
    }

    private static Principal guest(String user) {
        return new Principal(
                new UserId(user),
                "Guest",
                java.util.Set.of(),
                true,
                Optional.empty(),
                java.time.Instant.EPOCH,
                Optional.empty());
    }

    private static ClientInfo from(String address) {
        return new ClientInfo("", address, "");
    }

    private static Credentials credentials(
            Optional<String> authorization, List<String> subprotocols, Optional<String> token) {
        return Credentials.of(authorization, Optional.empty(), subprotocols, token, Optional.empty());
    }

    private static Authenticator.Identity identify(
            Authenticator.Mode mode, Optional<String> token, Optional<String> clientId) {
        RevokedBob revocations = new RevokedBob();
        Authenticator authenticator = new Authenticator(
                word -> switch (word) {
                    case "good" -> new Verification.Verified(ANN);
                    case "anonymous" -> new Verification.Verified(Principal.trusted(new UserId("anon-someone")));
                    case "revoked" -> new Verification.Verified(Principal.trusted(new UserId("bob")));
                    default -> new Verification.Refused(word.equals("old"), "not good");
                },
                revocations,
                mode,
                new ManualTime());
        return authenticator.identify(Credentials.of(
                token.map(word -> "Bearer " + word),
                clientId.map(id -> "theme=dark; " + Credentials.COOKIE + "=" + id),
                List.of(),
                Optional.empty(),
                Optional.empty()));
    }

    private static final class RevokedBob implements dev.parley.domain.access.Revocations {
        @Override
        public void revokeToken(String tokenId, java.time.Instant at) {}

        @Override
        public void revokeUser(UserId user, java.time.Instant until) {}

        @Override
        public boolean revoked(Principal principal) {
            return principal.user().value().equals("bob");
        }

        @Override
        public java.util.List<Token> tokens(java.util.Optional<String> after, int limit) {
            return java.util.List.of();
        }

        @Override
        public java.util.List<User> users(java.util.Optional<dev.parley.domain.access.UserId> after, int limit) {
            return java.util.List.of();
        }
    }
}
