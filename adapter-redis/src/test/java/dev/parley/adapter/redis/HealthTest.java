package dev.parley.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.error.Circuit;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

final class HealthTest {

    private final JedisException full = new JedisDataException("OOM command not allowed when used memory > 'maxmemory'.");
    private final JedisException away = new JedisConnectionException("Failed to connect");

    private final Circuit circuit = new Circuit("Redis", System::nanoTime, up -> {});
    private final Health health = new Health(circuit);

    @Test
    void what_is_read_from_a_redis_that_refuses_to_write_does_not_make_it_well() {
        fails(full);
        health.answered(false);
        assertThat(circuit.closed()).isFalse();
        health.answered(true);
        assertThat(circuit.closed()).isTrue();
        fails(full);
        assertThat(circuit.closed()).isFalse();
    }

    @Test
    void refused_writes_are_counted_across_what_is_read_between_them() {
        for (int i = 0; i < 3; i++) {
            health.failed(full);
            health.answered(false);
        }
        assertThat(circuit.closed()).isFalse();
    }

    @Test
    void a_redis_that_was_starting_is_well_with_whatever_it_answers() {
        fails(full);
        fails(new JedisDataException("LOADING Redis is loading the dataset in memory"));
        health.answered(false);
        assertThat(circuit.closed()).isTrue();
    }

    @Test
    void a_redis_that_was_out_of_reach_is_well_with_whatever_it_answers() {
        fails(full);
        fails(away);
        health.answered(false);
        assertThat(circuit.closed()).isTrue();
    }

    private void fails(JedisException why) {
        for (int i = 0; i < 3; i++) {
            health.failed(why);
        }
    }
}
