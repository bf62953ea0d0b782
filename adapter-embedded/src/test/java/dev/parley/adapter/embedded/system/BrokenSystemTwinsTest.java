package dev.parley.adapter.embedded.system;

import dev.parley.domain.IdSource;
import dev.parley.domain.project.Project;
import dev.parley.domain.project.ProjectSource;
import dev.parley.domain.time.Timers;
import dev.parley.testkit.ContractRun;
import dev.parley.testkit.project.ProjectSourceContract;
import dev.parley.testkit.time.IdSourceContract;
import dev.parley.testkit.time.ManualTime;
import dev.parley.testkit.time.TimersContract;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contracts of timers, identifiers and projects catch what breaks a promise. */
final class BrokenSystemTwinsTest {

    @ParameterizedTest
    @ValueSource(classes = {RestlessTimers.class, TurningIds.class, ForgetfulProjects.class})
    void a_broken_twin_fails_its_contract(Class<?> twin) {
        ContractRun.assertCaught(twin);
    }

    /** Runs what was closed, too. */
    static final class RestlessTimers extends TimersContract {

        private final ManualTime time = new ManualTime();

        @Override
        protected Timers timers() {
            return (delay, task) -> {
                time.after(delay, task);
                return () -> {};
            };
        }

        @Override
        protected InstantSource clock() {
            return time;
        }

        @Override
        protected void advance(Duration step) {
            time.advance(step);
        }
    }

    /** Begins again after a thousand. */
    static final class TurningIds extends IdSourceContract {

        @Override
        protected IdSource source() {
            AtomicInteger last = new AtomicInteger();
            return () -> "identifier-%06d".formatted(last.incrementAndGet() % 1_000);
        }
    }

    /** Knows nothing. */
    static final class ForgetfulProjects extends ProjectSourceContract {

        @Override
        protected ProjectSource knowing(List<Project> projects) {
            return id -> Optional.empty();
        }
    }
}
