package dev.parley.protocols.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.event.Event;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.Frame;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FrameCacheTest {

    private final FrameCache cache = new FrameCache();
    private final AtomicInteger encoded = new AtomicInteger();

    @Test
    void an_event_is_encoded_once_however_many_connections_are_told() {
        Event.ReplyGrew event = grown("a");
        Frame first = frame(event);
        for (int i = 0; i < 1_000; i++) {
            assertThat(frame(event)).isSameAs(first);
        }
        assertThat(encoded).hasValue(1);
    }

    @Test
    void equal_events_that_are_not_the_same_are_encoded_each_for_itself() {
        Frame first = frame(grown("a"));
        assertThat(frame(grown("a"))).isNotSameAs(first);
        assertThat(encoded).hasValue(2);
    }

    @Test
    void the_right_frame_is_found_among_many_events() {
        for (int i = 0; i < 10_000; i++) {
            Event.ReplyGrew event = grown("text " + i);
            assertThat(frame(event).text()).isEqualTo("text " + i);
            assertThat(frame(event).text()).isEqualTo("text " + i);
        }
        assertThat(encoded).hasValue(10_000);
    }

    private Frame frame(Event.ReplyGrew event) {
        return cache.frame(event, grown -> {
            encoded.incrementAndGet();
            return Frame.text(grown.text());
        });
    }

    private static Event.ReplyGrew grown(String text) {
        return new Event.ReplyGrew(new SessionId("s"), new MessageId("r"), 0, text);
    }
}
