package dev.parley.testkit;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * Real servers and programs that tests use where the environment offers them.
 *
 * <p>A test whose peer is missing is skipped with a reason, unless {@code TESTKIT_REQUIRE}, a list separated by commas, names
 * the peer: then it fails.
 */
public final class Peers {

    private Peers() {}

    /** What the environment says in {@code variable} about where {@code peer} is; otherwise the test is skipped or fails. */
    public static String require(String peer, String variable) {
        Optional<String> place = Optional.ofNullable(System.getenv(variable)).filter(value -> !value.isBlank());
        return place.orElseGet(() -> missing(peer, "set " + variable));
    }

    /** Skips the test because {@code peer} is missing, or fails it where the peer is required. */
    public static String missing(String peer, String remedy) {
        String reason = "This test needs " + peer + ": " + remedy;
        if (required(peer)) {
            return Assertions.fail(reason + " (TESTKIT_REQUIRE names it)");
        }
        return Assumptions.abort(reason);
    }

    /** Whether {@code TESTKIT_REQUIRE} names {@code peer}. */
    public static boolean required(String peer) {
        String required = Optional.ofNullable(System.getenv("TESTKIT_REQUIRE")).orElse("");
        return Arrays.stream(required.split(",", -1)).map(String::strip).anyMatch(peer::equals);
    }
}
