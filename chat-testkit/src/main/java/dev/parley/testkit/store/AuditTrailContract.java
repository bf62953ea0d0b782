package dev.parley.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.access.AuditTrail.Entry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What every {@link dev.parley.domain.access.AuditTrail} keeps to. */
public abstract class AuditTrailContract extends DurableContract {

    @Nested
    class Entries {
        @Test
        void the_newest_come_first_and_no_more_than_wanted() {
            assertThat(stores().audit().newest(10)).isEmpty();
            List<Entry> recorded = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                Entry entry = new Entry(tick(), Sample.HOSTILE_USER, "act_" + i, "subject '" + i + "' 名");
                stores().audit().record(entry);
                recorded.add(0, entry);
            }
            reopen();
            assertThat(stores().audit().newest(10)).isEqualTo(recorded);
            assertThat(stores().audit().newest(2)).isEqualTo(recorded.subList(0, 2));
        }

        @Test
        void two_entries_alike_are_two() {
            Entry entry = new Entry(START, ANA, "enter_session", "room");
            stores().audit().record(entry);
            stores().audit().record(entry);
            assertThat(stores().audit().newest(10)).containsExactly(entry, entry);
        }

        @Test
        void entries_recorded_at_once_are_all_kept() throws Exception {
            SessionConcurrencyContract.together(32, number -> {
                stores().audit().record(new Entry(tick(), ANA, "act", "s-" + number));
                return true;
            });
            assertThat(stores().audit().newest(100)).hasSize(32).doesNotHaveDuplicates();
        }
    }
}
