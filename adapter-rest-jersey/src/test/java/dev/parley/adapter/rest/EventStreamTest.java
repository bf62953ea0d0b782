package dev.parley.adapter.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocols.chat.Cursor;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stream that nobody beats and that has nothing to say. */
@Timeout(60)
class EventStreamTest {

    @Test
    void a_client_that_left_is_noticed_though_there_is_nothing_to_tell() throws Exception {
        ByteArrayOutputStream written = new ByteArrayOutputStream();

        new EventStream(Cursor.at(1), Duration.ofMillis(1), () -> {})
                .pump(written, () -> comments(written) == 3);

        assertThat(written.toString(StandardCharsets.UTF_8)).isEqualTo("retry: 2000\n\n" + ": ping\n\n".repeat(3));
    }

    private static int comments(ByteArrayOutputStream written) {
        return written.toString(StandardCharsets.UTF_8).split(": ping", -1).length - 1;
    }
}
