package dev.parley.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parley.domain.access.Principal;
import dev.parley.domain.access.Revocations.Token;
import dev.parley.domain.access.Revocations.User;
import dev.parley.domain.access.UserId;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What every {@link dev.parley.domain.access.Revocations} keeps to. */
public abstract class RevocationsContract extends DurableContract {

    private static Principal principal(UserId user, Optional<String> token, Instant issuedAt) {
        return new Principal(user, "name", Set.of(), false, token, issuedAt, Optional.empty());
    }

    private boolean revoked(UserId user, String token, Instant issuedAt) {
        return stores().revocations().revoked(principal(user, Optional.of(token), issuedAt));
    }

    @Nested
    class Tokens {
        @Test
        void a_revoked_token_is_revoked_alone_and_for_good() {
            stores().revocations().revokeToken("t'1", START);
            stores().revocations().revokeToken("t'1", START.plusSeconds(1));
            assertThat(revoked(ANA, "t'1", START)).isTrue();
            assertThat(revoked(ANA, "t'1", START.plusSeconds(99))).isTrue();
            assertThat(revoked(ANA, "T'1", START)).isFalse();
            assertThat(stores().revocations().revoked(principal(ANA, Optional.empty(), START))).isFalse();
            reopen();
            assertThat(revoked(ANA, "t'1", START)).isTrue();
            assertThat(revoked(ANA, "t'2", START)).isFalse();
        }
    }

    @Nested
    class Lists {
        @Test
        void what_was_revoked_is_listed_in_order_part_by_part() {
            stores().revocations().revokeToken("t2", START.plusSeconds(2));
            stores().revocations().revokeToken("t1", START.plusSeconds(1));
            stores().revocations().revokeToken("t3", START.plusSeconds(3));
            stores().revocations().revokeUser(BEN, START);
            stores().revocations().revokeUser(ANA, START.plusSeconds(1));
            reopen();
            assertThat(stores().revocations().tokens(Optional.empty(), 2))
                    .containsExactly(new Token("t1", START.plusSeconds(1)), new Token("t2", START.plusSeconds(2)));
            assertThat(stores().revocations().tokens(Optional.of("t2"), 2))
                    .containsExactly(new Token("t3", START.plusSeconds(3)));
            assertThat(stores().revocations().users(Optional.empty(), 9))
                    .containsExactly(new User(ANA, START.plusSeconds(1)), new User(BEN, START));
            assertThat(stores().revocations().users(Optional.of(BEN), 9)).isEmpty();
        }
    }

    @Nested
    class Users {
        @Test
        void all_tokens_issued_until_then_are_revoked_and_later_ones_are_good() {
            stores().revocations().revokeUser(ANA, START);
            for (boolean again : new boolean[] {false, true}) {
                if (again) {
                    reopen();
                }
                assertThat(revoked(ANA, "t", START.minusSeconds(1))).isTrue();
                assertThat(revoked(ANA, "t", START)).isTrue();
                assertThat(stores().revocations().revoked(principal(ANA, Optional.empty(), START))).isTrue();
                assertThat(revoked(ANA, "t", START.plusSeconds(1))).isFalse();
                assertThat(revoked(BEN, "t", START.minusSeconds(1))).isFalse();
            }
        }

        @Test
        void an_earlier_revocation_takes_nothing_from_a_later_one() {
            stores().revocations().revokeUser(Sample.HOSTILE_USER, START.plusSeconds(10));
            stores().revocations().revokeUser(Sample.HOSTILE_USER, START);
            assertThat(revoked(Sample.HOSTILE_USER, "t", START.plusSeconds(5))).isTrue();
            reopen();
            assertThat(revoked(Sample.HOSTILE_USER, "t", START.plusSeconds(5))).isTrue();
        }

        @Test
        void another_node_knows_it_too() {
            Optional<DurableStores> second = opened().second();
            assumeTrue(
                    second.isPresent(), "this store serves one process alone: nothing to prove with a second node");
            stores().revocations().revokeUser(ANA, START);
            stores().revocations().revokeToken("t-9", START);
            assertThat(second.orElseThrow().revocations().revoked(principal(ANA, Optional.empty(), START))).isTrue();
            assertThat(second.orElseThrow().revocations().revoked(principal(BEN, Optional.of("t-9"), START))).isTrue();
        }
    }
}
