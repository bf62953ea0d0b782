package dev.parley.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.telemetry.TelemetryEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HealthChecksTest {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final AtomicBoolean accepting = new AtomicBoolean(true);
    private final AtomicBoolean store = new AtomicBoolean(true);
    private final AtomicBoolean model = new AtomicBoolean(true);
    private final AtomicInteger looks = new AtomicInteger();
    private final List<TelemetryEvent> told = new ArrayList<>();
    private final HealthChecks checks = new HealthChecks(now::get, told::add, accepting::get);

    HealthChecksTest() {
        checks.add(() -> {
            looks.incrementAndGet();
            return new Health.Part("store", store.get(), true, "\"x\"");
        });
        checks.add(() -> {
            now.set(now.get().plusMillis(25));
            return new Health.Part("model", model.get(), false, "x");
        });
    }

    @Test
    void without_its_store_the_server_is_not_ready_and_without_its_model_it_is() {
        assertThat(checks.now().ready()).isTrue();
        model.set(false);
        later();
        assertThat(checks.now().ready()).isTrue();
        store.set(false);
        later();
        assertThat(checks.now().ready()).isFalse();
        assertThat(checks.now().live()).isTrue();
        store.set(true);
        later();
        assertThat(checks.now().ready()).isTrue();
        assertThat(told).contains(new TelemetryEvent.DependencyChanged("store", false)).hasSize(5);
    }

    @Test
    void who_ends_is_not_ready_at_once() {
        assertThat(checks.now().ready()).isTrue();
        accepting.set(false);
        assertThat(checks.now().ready()).isFalse();
    }

    @Test
    void asking_often_costs_nothing() {
        for (int i = 0; i < 100; i++) {
            checks.now();
        }
        assertThat(looks).hasValue(1);
    }

    @Test
    void it_is_json_on_the_wire() {
        assertThat(HealthJson.of(checks.now(), "1"))
                .isEqualTo("{\"status\":\"ok\",\"live\":true,\"ready\":true,\"version\":\"1\","
                        + "\"store\":{\"up\":true,\"says\":\"\\\"x\\\"\",\"took_ms\":0},"
                        + "\"model\":{\"up\":true,\"says\":\"x\",\"took_ms\":25}}");
    }

    private void later() {
        now.set(now.get().plusSeconds(2));
    }
}
