package dev.parley.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/** Words of real servers, of 6.2 and of 7: which of them say that nobody is served. */
class FailuresTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "ERR max number of clients reached",
        "LOADING Redis is loading the dataset in memory",
        "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
        "UNKILLABLE Sorry the script already executed write commands against the dataset.",
        "READONLY You can't write against a read only replica.",
        "READONLY You can't write against a read only replica. script: 1b2c, on @user_script:1.",
        "ERR Error running script (call to f_1b2c): @user_script:1: @user_script: 1: -READONLY You can't write against a read only replica.",
        "ERR Error running script (call to f_1b2c): @user_script:9: -OOM command not allowed when used memory > 'maxmemory'.",
        "OOM command not allowed when used memory > 'maxmemory'.",
        "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
        "CLUSTERDOWN The cluster is down",
        "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.",
        "NOREPLICAS Not enough good replicas to write.",
        "NOAUTH Authentication required.",
        "WRONGPASS invalid username-password pair or user is disabled.",
        "NOPERM this user has no permissions to run the 'evalsha' command",
        "ERR Error running script (call to f_1b2c): @user_script:1: The user executing the script can't run this command or subcommand",
        "ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?",
        "ERR invalid password",
        "ERR DB index is out of range",
        "ERR unknown command `EVALSHA`, with args beginning with: ",
        "something that nobody has heard before"
    })
    void a_server_that_serves_nobody_is_like_one_that_is_away(String said) {
        assertThat(Failures.aboutTheCall(new JedisDataException(said))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "WRONGTYPE Operation against a key holding the wrong kind of value",
        "WRONGTYPE Operation against a key holding the wrong kind of value script: 1b2c, on @user_script:2.",
        "ERR Error running script (call to f_1b2c): @user_script:2: WRONGTYPE Operation against a key holding the wrong kind of value",
        "ERR Error running script (call to f_1b2c): @user_script:17: user_script:17: bad argument #1 to 'unpack' (string expected, got nil)",
        "NOSCRIPT No matching script. Please use EVAL.",
    })
    void a_call_that_is_refused_for_what_it_found_says_nothing_of_the_server(String said) {
        assertThat(Failures.aboutTheCall(new JedisDataException(said))).isTrue();
    }

    @Test
    void a_line_that_is_dead_and_a_user_who_may_not_are_never_about_one_call() {
        assertThat(Failures.aboutTheCall(new JedisAccessControlException("NOPERM no script for you"))).isFalse();
        assertThat(Failures.aboutTheCall(
                new JedisDataException("ERR Error running script", new JedisConnectionException("gone")))).isFalse();
    }
}
