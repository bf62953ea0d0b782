package dev.parley.adapter.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import org.glassfish.tyrus.core.frame.Frame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Inflaters are few and shared: none is left with a client that has gone. */
final class InflationTest {

    private static final byte[] BEGINNING = {0x4a};

    private final Deflate deflate = new Deflate();
    private final Inflation inflation = new Inflation(deflate, 1_000);

    @AfterEach
    void end() {
        deflate.close();
    }

    @Test
    void who_goes_in_the_middle_of_a_message_gives_its_inflater_back() {
        inflation.inflated(beginning());
        assertThat(deflate.idleInflaters()).isZero();
        inflation.close();
        assertThat(deflate.idleInflaters()).isOne();
        inflation.close();
        assertThat(deflate.idleInflaters()).isOne();
    }

    @Test
    void a_message_within_another_takes_no_second_inflater() {
        inflation.inflated(beginning());
        inflation.inflated(beginning());
        inflation.close();
        assertThat(deflate.idleInflaters()).isOne();
    }

    @Test
    void what_comes_after_the_end_is_left_as_it_is() {
        inflation.close();
        Frame late = beginning();
        assertThat(inflation.inflated(late)).isSameAs(late);
        assertThat(deflate.idleInflaters()).isZero();
    }

    private static Frame beginning() {
        return Frame.builder()
                .fin(false)
                .rsv1(true)
                .opcode((byte) 1)
                .payloadLength(BEGINNING.length)
                .payloadData(BEGINNING)
                .build();
    }
}
