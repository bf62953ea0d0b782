package dev.parley.protocols.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.message.MessageId;
import dev.parley.protocols.Frame;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {

    private static final MessageId REPLY = new MessageId("r:1");

    @ParameterizedTest
    @ValueSource(strings = {"0", "17", "17~r1:5", "17~r:1:5,r2:0"})
    void what_is_written_is_read_again(String text) {
        assertThat(Cursor.parse(text)).map(Cursor::format).contains(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-1", "x", "1~r1", "1~:5", "1~r1:", "1~r1:-2", "1~r 1:2", "9999999999999999999", "1~a:1,,b:2", "١"})
    void what_is_no_cursor_is_none(String text) {
        assertThat(Cursor.parse(text)).isEmpty();
    }

    @Test
    void the_tracker_follows_what_the_client_was_given() {
        CursorTracker tracker = new CursorTracker(Cursor.at(3));

        tracker.saw(new Frame.Mark.At(5));
        tracker.saw(new Frame.Mark.At(4));
        tracker.saw(new Frame.Mark.Shown(REPLY, 0));
        tracker.saw(new Frame.Mark.Shown(REPLY, 12));
        assertThat(tracker.cursor()).isEqualTo(new Cursor(5, Map.of(REPLY, 12L)));
        assertThat(tracker.cursor().format()).isEqualTo("5~r:1:12");

        tracker.saw(new Frame.Mark.Ended(REPLY, 6));
        tracker.saw(new Frame.Mark.None());
        assertThat(tracker.cursor()).isEqualTo(Cursor.at(6));
    }
}
