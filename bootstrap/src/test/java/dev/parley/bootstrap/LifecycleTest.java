package dev.parley.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LifecycleTest {

    @Test
    void the_last_opened_is_closed_first_whatever_fails_and_once_only() {
        List<String> closed = new ArrayList<>();
        Lifecycle life = new Lifecycle();
        life.onClose("first", () -> closed.add("first"));
        life.onClose("failing", () -> {
            closed.add("failing");
            throw new IllegalStateException("on purpose");
        });
        life.onClose("last", () -> closed.add("last"));

        life.close();
        life.close();

        assertThat(closed).containsExactly("last", "failing", "first");
    }
}
