package dev.parley.bootstrap;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.adapter.embedded.memory.LiveMemory;
import dev.parley.domain.live.Leases;
import dev.parley.domain.live.NodeId;
import dev.parley.testkit.time.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StoreClaimTest {

    private static final String REFUSAL = "Expected to be alone";
    private static final NodeId MINE = new NodeId("mine");
    private static final NodeId OTHERS = new NodeId("others");

    private final ManualTime time = new ManualTime();

    @Test
    void what_is_somebody_else_s_is_not_claimed() {
        try (LiveMemory live = LiveMemory.create(time, time);
                StoreClaim theirs = claim(live.leases(), OTHERS)) {
            assertThatThrownBy(() -> claim(live.leases(), MINE)).isInstanceOf(StartException.class).hasMessage(REFUSAL);
            time.advance(Duration.ofMinutes(5));
            assertThatThrownBy(() -> claim(live.leases(), MINE)).isInstanceOf(StartException.class);
            theirs.close();
            claim(live.leases(), MINE).close();
        }
    }

    @Test
    void who_loses_a_claim_is_told_for_good() {
        try (LiveMemory live = LiveMemory.create(time, time);
                StoreClaim mine = claim(live.leases(), MINE)) {
            time.advance(Duration.ofMinutes(5));
            assertThatCode(() -> mine.check(REFUSAL)).doesNotThrowAnyException();
            live.leases().release(StoreClaim.SERVER, MINE);
            live.leases().acquire(StoreClaim.SERVER, OTHERS, Duration.ofSeconds(15));
            time.advance(Duration.ofSeconds(10));
            assertThatThrownBy(() -> mine.check(REFUSAL)).isInstanceOf(StartException.class).hasMessage(REFUSAL);
            time.advance(Duration.ofMinutes(5));
            assertThatThrownBy(() -> mine.check(REFUSAL)).isInstanceOf(StartException.class);
        }
    }

    private StoreClaim claim(Leases leases, NodeId owner) {
        return StoreClaim.of(StoreClaim.SERVER, owner, leases, time, REFUSAL);
    }
}
