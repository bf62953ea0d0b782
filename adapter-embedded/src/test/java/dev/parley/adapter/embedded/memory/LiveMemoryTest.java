package dev.parley.adapter.embedded.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.message.Author;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.StreamHead;
import dev.parley.domain.reply.StreamLog;
import dev.parley.domain.session.SessionId;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

final class LiveMemoryTest {

    @Test
    void closing_tells_waiting_cursors_that_nothing_comes() throws InterruptedException {
        LiveMemory memory = LiveMemory.create(InstantSource.system(), (delay, task) -> () -> {});
        MessageId reply = new MessageId("reply-1");
        StreamHead head = new StreamHead(
                new SessionId("s"), reply, new MessageId("question-1"), new Author.Agent("default", "Parley"), "m", false);
        try (StreamLog.Writer writer = memory.streams().create(head, 1);
                StreamLog.Cursor cursor = memory.streams().open(reply, 0)) {
            writer.append("Hello");
            assertThat(cursor.next(Duration.ZERO)).isEqualTo(new StreamLog.Read.Grown(head, 0, "Hello", false));
            memory.close();
            assertThat(cursor.next(Duration.ofMinutes(1))).isEqualTo(new StreamLog.Read.Gone());
        }
    }
}
