package dev.parley.testkit.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.Registration;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManualTimeTest {
    private final ManualTime time = new ManualTime(Instant.EPOCH);
    private final List<String> seen = new ArrayList<>();

    private void note(String what) {
        seen.add(what + "@" + time.instant().getEpochSecond());
    }

    @Test
    void tasks_run_in_the_order_of_their_times_and_see_them() {
        time.after(Duration.ofSeconds(5), () -> note("late"));
        time.after(Duration.ofSeconds(2), () -> {
            note("early");
            time.after(Duration.ofSeconds(1), () -> note("planned by early"));
        });
        time.advance(Duration.ofSeconds(4));
        assertThat(seen).containsExactly("early@2", "planned by early@3");
        assertThat(time.instant()).isEqualTo(Instant.ofEpochSecond(4));
        time.advance(Duration.ofSeconds(1));
        assertThat(seen).endsWith("late@5");
    }

    @Test
    void a_closed_registration_never_runs_and_a_failing_task_harms_nobody() {
        Registration closed = time.after(Duration.ofSeconds(1), () -> note("closed"));
        time.after(Duration.ofSeconds(1), () -> {
            throw new IllegalStateException("on purpose");
        });
        time.after(Duration.ofSeconds(1), () -> note("next"));
        closed.close();
        time.advance(Duration.ofSeconds(1));
        assertThat(seen).containsExactly("next@1");
        assertThat(time.waiting()).isZero();
    }

    @Test
    void sequential_ids_sort_as_they_were_made() {
        SequentialIds ids = new SequentialIds();
        assertThat(ids.next()).isEqualTo(ids.id(1)).isLessThan(ids.next());
        assertThat(ids.id(9)).isLessThan(ids.id(10)).matches("[A-Za-z0-9_-]{16,64}");
    }
}
