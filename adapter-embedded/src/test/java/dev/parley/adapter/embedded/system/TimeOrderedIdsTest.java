package dev.parley.adapter.embedded.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.IdSource;
import dev.parley.testkit.time.IdSourceContract;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class TimeOrderedIdsTest extends IdSourceContract {

    @Override
    protected IdSource source() {
        return new TimeOrderedIds(InstantSource.system());
    }

    @Test
    void ids_go_on_growing_when_the_clock_is_set_back() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
        IdSource source = new TimeOrderedIds(now::get);
        String before = source.next();
        now.set(Instant.parse("2025-01-01T00:00:00Z"));
        String back = source.next();
        now.set(Instant.parse("2026-01-01T00:00:00.001Z"));
        assertThat(before).isLessThan(back);
        assertThat(back).isLessThan(source.next());
    }

    @Test
    void ids_begin_with_the_time_as_a_ulid_does() {
        Instant then = Instant.ofEpochMilli(1_469_922_850_259L);
        assertThat(new TimeOrderedIds(() -> then).next()).startsWith("01ARZ3NDEK").hasSize(26);
        assertThat(new TimeOrderedIds(() -> then).next()).isNotEqualTo(new TimeOrderedIds(() -> then).next());
    }
}
