package dev.parley.adapter.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.domain.error.UnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A MongoDB that cannot be used is told in one line: what is wrong with it, and what to do. */
class MongoStartTest {
    private static final String REFUSED = "{ok: 0, code: 13, codeName: 'Unauthorized', errmsg: 'not authorized on chat'}";

    @Test
    void a_server_of_an_old_version_is_named() throws IOException {
        refuses(Map.of("buildInfo", "{ok: 1, version: '4.2.25'}"), "", "4.4 or newer", "4.2.25");
    }

    @Test
    void a_server_too_old_for_the_driver_is_named() throws IOException {
        refuses(
                Map.of("hello", "{ok: 1, ismaster: true, maxBsonObjectSize: 16777216, minWireVersion: 0, maxWireVersion: 5}"),
                "",
                "4.4 or newer");
    }

    @Test
    void a_user_whose_password_is_wrong_is_told_so_and_the_password_not() throws IOException {
        refuses(
                Map.of("saslStart", "{ok: 0, code: 18, codeName: 'AuthenticationFailed', errmsg: 'Authentication failed.'}"),
                "ann:secret@",
                "user or the password of MONGODB_URI",
                "authSource");
    }

    @Test
    void a_user_who_may_only_read_is_told_what_to_grant() throws IOException {
        refuses(Map.of("update", REFUSED, "insert", REFUSED, "createIndexes", REFUSED), "", "may not do this", "readWrite");
    }

    @Test
    void a_database_of_which_the_user_may_see_nothing_is_told_as_well() throws IOException {
        refuses(Map.of("update", REFUSED, "find", REFUSED, "listIndexes", REFUSED), "", "may not do this", "database");
    }

    @Test
    void a_server_that_becomes_a_secondary_is_away() throws IOException {
        refuses(
                Map.of("update", "{ok: 0, code: 10107, codeName: 'NotWritablePrimary', errmsg: 'not primary'}"),
                "",
                "Expected to use MongoDB");
    }

    private static void refuses(Map<String, String> said, String login, String... told) throws IOException {
        try (ScriptedMongo server = ScriptedMongo.saying(said)) {
            MongoSettings settings =
                    MongoSettings.of(server.uri(login)).waiting(Duration.ofSeconds(20), Duration.ofSeconds(20));
            assertThatThrownBy(() -> MongoAdapter.connect(settings))
                    .isInstanceOf(UnavailableException.class)
                    .satisfies(refused -> assertThat(refused.getMessage())
                            .contains(told)
                            .doesNotContain("secret")
                            .doesNotContain("\n"));
        }
    }
}
