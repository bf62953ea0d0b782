package dev.parley.testkit.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.IdSource;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.SessionId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every {@link IdSource} keeps to. */
public abstract class IdSourceContract {

    private static final int MANY = 20_000;

    /** A source, another one at every call that stands for another run of the server where there is such a thing. */
    protected abstract IdSource source();

    @Test
    void ids_are_short_and_plain_enough_for_every_protocol() {
        for (String id : take(source(), 100)) {
            assertThat(id).matches("[A-Za-z0-9_-]{16,64}");
            assertThat(MessageId.isValid(id) && SessionId.isValid(id)).isTrue();
        }
    }

    @Test
    void later_ids_sort_after_earlier_ones() {
        assertThat(take(source(), MANY)).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void no_two_are_alike_whoever_asks() throws Exception {
        IdSource source = source();
        List<Callable<List<String>>> askers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            askers.add(() -> take(source, MANY / 8));
        }
        Set<String> all = new HashSet<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<List<String>> taken : threads.invokeAll(askers, 20, TimeUnit.SECONDS)) {
                assertThat(taken.get()).isSorted();
                all.addAll(taken.get());
            }
        }
        assertThat(all).hasSize(MANY);
    }

    private static List<String> take(IdSource source, int count) {
        List<String> ids = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ids.add(source.next());
        }
        return ids;
    }
}
