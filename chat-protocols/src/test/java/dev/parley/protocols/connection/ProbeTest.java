package dev.parley.protocols.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.event.Event;
import dev.parley.domain.change.Change;
import dev.parley.domain.live.Hint;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A client is asked for signs of life while it is not sure what it has, and no longer. */
class ProbeTest {

    private static final Event SOMETHING = new Event.Happened(new Change(
            new SessionId("room"),
            1,
            Instant.EPOCH,
            new Change.SessionOpened(Session.fresh(
                    new SessionId("room"), Optional.empty(), Visibility.SHARED, Optional.empty(), Instant.EPOCH))));

    private final AtomicBoolean unsure = new AtomicBoolean(true);
    private final Probe probe = new Probe(unsure::get);

    @Test
    void it_asks_a_second_after_something_was_told_and_again_until_it_is_sure() {
        assertThat(probe.due(10_000)).isFalse();
        probe.told(SOMETHING, 10_000);
        assertThat(probe.due(10_999)).isFalse();
        assertThat(probe.due(11_000)).isTrue();
        assertThat(probe.answered()).isTrue();
        assertThat(probe.due(11_500)).isFalse();
        assertThat(probe.due(12_000)).isTrue();
        assertThat(probe.answered()).isTrue();
        unsure.set(false);
        assertThat(probe.due(13_000)).isFalse();
        unsure.set(true);
        assertThat(probe.due(14_000)).as("nothing new was told").isFalse();
        assertThat(probe.answered()).as("a sign that nobody asked for").isFalse();
    }

    @Test
    void a_stream_of_news_does_not_put_it_off() {
        for (long now = 0; now < 1_000; now += 100) {
            probe.told(SOMETHING, 10_000 + now);
        }
        assertThat(probe.due(11_000)).isTrue();
    }

    @Test
    void what_is_not_durable_is_not_asked_about_and_who_cannot_be_asked_is_let_be() {
        probe.told(new Event.Announced("Lunch", Hint.Level.INFO), 10_000);
        assertThat(probe.due(20_000)).isFalse();
        probe.told(SOMETHING, 20_000);
        probe.giveUp();
        assertThat(probe.due(30_000)).isFalse();
    }
}
