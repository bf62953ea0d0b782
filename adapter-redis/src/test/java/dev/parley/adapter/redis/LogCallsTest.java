package dev.parley.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.adapter.redis.LogCalls.Ownership;
import dev.parley.domain.error.Circuit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Redis is asked may come to it twice, or long after whoever asked has given it up. */
final class LogCallsTest {

    private final RedisSettings settings = RedisSettings.of(TestRedis.shared().address())
            .withTimeouts(TestNode.PATIENCE, TestNode.PATIENCE);
    private final Dialling dialling = Dialling.open(settings);
    private final Broker broker = new Broker(dialling, new Circuit("Redis", System::nanoTime, up -> {}));
    private final LogCalls calls =
            new LogCalls(broker, new Names(TestRedis.prefix(), settings.database()), RedisAdapter.Retention.DEFAULT);
    private final Ownership owner = new Ownership(LogReader.head("reply"), 3, "epoch");

    @AfterEach
    void end() {
        broker.close();
        dialling.close();
    }

    @Test
    void a_beginning_that_comes_late_takes_nothing_back() {
        calls.restore(owner, "All of ", false).join();
        calls.append(owner, 7, "it", true).join();
        assertThat(calls.create(owner)).map(Answers::text).containsExactly("ok");
        assertThat(known()).containsExactly("3", "epoch", "1", "All of it");
    }

    @Test
    void a_text_that_comes_late_takes_nothing_back() {
        assertThat(calls.create(owner)).map(Answers::text).containsExactly("ok");
        calls.append(owner, 0, "All of ", false).join();
        calls.append(owner, 7, "it", true).join();
        calls.append(owner, 0, "All of ", false).join();
        calls.restore(owner, "All of ", false).join();
        assertThat(known()).containsExactly("3", "epoch", "1", "All of it");
    }

    @Test
    void the_next_owner_begins_with_nothing() {
        calls.restore(owner, "All of it", true).join();
        assertThat(calls.create(new Ownership(owner.head(), 4, "another"))).map(Answers::text).containsExactly("ok");
        assertThat(known()).containsExactly("4", "another", "", "");
        assertThat(calls.create(owner)).map(Answers::text).containsExactly("fenced", "4");
    }

    /** Its fence, its epoch, whether it has ended, and its text. */
    private List<String> known() {
        List<Object> found = Answers.list(calls.read(owner.reply(), "", 0));
        return List.of(0, 1, 3, 5).stream().map(found::get).map(Answers::text).toList();
    }
}
