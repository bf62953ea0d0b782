package dev.parley.adapter.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.access.UserId;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.Frame;
import dev.parley.protocols.chat.Cursor;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PollChannelTest {

    private static final UserId ANA = new UserId("ana");
    private static final SessionId SESSION = new SessionId("s");

    private final PollChannels channels = new PollChannels();
    private final AtomicInteger freed = new AtomicInteger();
    private final AtomicInteger taken = new AtomicInteger();
    private final PollChannel channel =
            new PollChannel(ANA, SESSION, Cursor.at(0), true, freed::incrementAndGet, channels::forget);

    @Test
    void whoever_polls_is_there_however_many_beats_pass() {
        for (int i = 0; i < 10; i++) {
            channel.beat();
        }
        assertThat(freed).hasValue(0);
        channels.park(channel);
        channel.beat();
        assertThat(channels.take(ANA, SESSION, Cursor.at(0))).contains(channel);
        channel.beat();
        assertThat(freed).hasValue(0);
    }

    @Test
    void what_nobody_continues_is_forgotten_with_its_place() {
        channels.park(channel);
        channel.beat();
        channel.beat();
        assertThat(freed.get()).isPositive();
        assertThat(channels.parked()).isZero();
        assertThat(channels.take(ANA, SESSION, Cursor.at(0))).isEmpty();
    }

    @Test
    void a_connection_that_ends_between_two_polls_leaves_nothing_behind() {
        channel.write(List.of(Frame.text("{}")), taken::incrementAndGet);
        channels.park(channel);
        channel.ending();
        assertThat(taken).hasValue(1);
        assertThat(freed.get()).isPositive();
        assertThat(channels.parked()).isZero();
        channel.write(List.of(Frame.text("{}")), taken::incrementAndGet);
        assertThat(taken).hasValue(2);
    }

    @Test
    void a_connection_that_ends_during_a_poll_tells_its_last_words_and_is_not_parked() throws Exception {
        channel.ending();
        channel.write(List.of(Frame.text("{\"type\":\"resumed\"}")), () -> channel.write(
                List.of(Frame.text("{\"type\":\"disconnect\"}")), () -> channel.close(1001, "drain")));
        assertThat(channel.poll(0).frames()).hasSize(2);
        channels.park(channel);
        assertThat(channels.parked()).isZero();
        assertThat(freed.get()).isPositive();
    }

    @Test
    void a_connection_that_ends_just_after_a_poll_is_not_parked() {
        channel.ending();
        assertThat(freed).hasValue(0);
        channels.park(channel);
        assertThat(channels.parked()).isZero();
        assertThat(freed.get()).isPositive();
    }
}
