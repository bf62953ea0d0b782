package dev.parley.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testkit.live.RealRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Redis that can never be used is told from one that cannot be used yet. */
class GreetingTest {

    @Test
    void whoever_is_not_let_in_is_told_so_and_no_password_is_repeated() {
        try (RealRedis guarded = TestRedis.own("requirepass right")) {
            for (String login : new String[] {"", ":wrong-one@", "ann:wrong-one@"}) {
                assertThat(refusal("redis://" + login + "127.0.0.1:" + guarded.port()))
                        .contains("REDIS_URL")
                        .contains("user or the password")
                        .doesNotContain("wrong-one");
            }
            assertThat(refusal("redis://:right@127.0.0.1:" + guarded.port())).isEmpty();
        }
    }

    @Test
    void a_password_where_none_is_asked_for_harms_nobody() {
        assertThat(refusal("redis://:any@127.0.0.1:" + TestRedis.shared().port())).isEmpty();
    }

    @Test
    void a_database_that_there_is_not_is_told() {
        assertThat(refusal(TestRedis.shared().address() + "/5")).isEmpty();
        assertThat(refusal(TestRedis.shared().address() + "/99")).contains("number in REDIS_URL");
    }

    @Test
    void one_that_is_away_may_come_yet() {
        assertThat(refusal("redis://127.0.0.1:1")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.0.16", "5.0 or older", "4.0.14", "2.8.24"})
    void one_that_is_too_old_is_refused_by_name(String version) {
        assertThat(Greeting.tooOld(version)).hasValueSatisfying(said -> assertThat(said).contains("6.2").contains(version));
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.2.0", "6.2.14", "7.4.1", "8.0-rc1", "10.0.0", "255.255.255", "something else"})
    void newer_ones_and_those_of_others_are_let_in(String version) {
        assertThat(Greeting.tooOld(version)).isEmpty();
    }

    private static String refusal(String url) {
        try (TestNode node = TestNode.away(RedisSettings.of(url))) {
            return node.adapter.refusal().orElse("");
        }
    }
}
