package dev.parley.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.error.FencedException;
import dev.parley.domain.reply.StreamLog;
import dev.parley.testkit.live.RealRedis;
import dev.parley.testkit.wire.FaultProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Replies grow on two nodes while lines break, Redis dies, is emptied or stands still, and replies change their owners, all by
 * chance. When it is over and all is well again, everybody has read the newest owner's text: no word missing, none twice.
 */
final class RedisChaosTest {

    private static final int REPLIES = 6;

    /** How many steps; {@code -Dparley.chaos=100000} makes more of them, {@code -Dparley.chaos.seed=1} those of another time. */
    private static final int STEPS = Integer.getInteger("parley.chaos", 500);

    @Test
    void whatever_fails_everybody_reads_the_newest_owners_text_whole_and_once() throws Exception {
        long seed = Long.getLong("parley.chaos.seed", new Random().nextLong());
        try (Play play = new Play(new Random(seed))) {
            for (int i = 0; i < STEPS; i++) {
                play.step();
            }
            play.finish();
        } catch (Exception | AssertionError failed) {
            throw new AssertionError("seed " + seed, failed);
        }
    }

    /** One reply: who owns it, what was said by that owner, and who reads it. */
    private static final class Reply {
        private final String id;
        private final List<LogReader> readers = new ArrayList<>();
        private StringBuilder text = new StringBuilder();
        private StreamLog.Writer writer;
        private int owner;
        private long fence;

        Reply(String id) {
            this.id = id;
        }
    }

    private static final class Play implements AutoCloseable {
        private final Random random;
        private final RealRedis redis = TestRedis.own();
        private final List<FaultProxy> lines = new ArrayList<>();
        private final List<TestNode> nodes = new ArrayList<>();
        private final List<Reply> replies = new ArrayList<>();
        private final Map<FaultProxy, Integer> broken = new HashMap<>();
        private int still;
        private int words;

        Play(Random random) {
            this.random = random;
            for (int i = 0; i < 2; i++) {
                FaultProxy line = FaultProxy.before("127.0.0.1", redis.port());
                lines.add(line);
                nodes.add(TestNode.hasty(RedisSettings.of("redis://" + line.host() + ":" + line.port())));
            }
            for (int i = 0; i < REPLIES; i++) {
                Reply reply = new Reply("reply-" + i);
                replies.add(reply);
                read(reply);
                own(reply, i % 2);
            }
        }

        void step() {
            for (FaultProxy line : lines) {
                if (broken.merge(line, -1, Integer::sum) == 0) {
                    line.heal();
                }
            }
            still--;
            if (still == 0) {
                redis.resume();
            }
            Reply reply = replies.get(random.nextInt(replies.size()));
            int what = random.nextInt(200);
            if (what < 160) {
                say(reply);
            } else if (what < 180) {
                read(reply);
            } else if (what < 184) {
                own(reply, 1 - reply.owner);
            } else if (still <= 0) {
                fail(what - 184);
            }
        }

        private void fail(int what) {
            FaultProxy line = lines.get(random.nextInt(lines.size()));
            switch (what) {
                case 0, 1, 2, 3 -> line.reset();
                case 4, 5, 6 -> {
                    line.cut();
                    broken.put(line, 1 + random.nextInt(20));
                }
                case 7, 8, 9 -> {
                    line.halfOpen();
                    broken.put(line, 1 + random.nextInt(10));
                }
                case 10, 11 -> {
                    line.halfOpen(FaultProxy.Way.TO_CLIENT);
                    broken.put(line, 1 + random.nextInt(10));
                }
                case 12, 13 -> redis.ask("FLUSHALL");
                case 14 -> {
                    redis.kill();
                    redis.restart();
                }
                default -> {
                    redis.pause();
                    still = 1 + random.nextInt(5);
                }
            }
        }

        private void say(Reply reply) {
            String word = "word-" + words++ + (random.nextInt(10) == 0 ? " 😀 " : " ");
            try {
                reply.writer.append(word);
                reply.text.append(word);
            } catch (FencedException replaced) {
                throw new AssertionError("Expected that the newest owner of " + reply.id + " may write", replaced);
            }
        }

        private void read(Reply reply) {
            reply.readers.add(LogReader.of(nodes.get(random.nextInt(2)).adapter.streams(), reply.id));
        }

        private void own(Reply reply, int owner) {
            if (reply.writer != null) {
                reply.writer.close();
            }
            reply.owner = owner;
            reply.fence++;
            reply.text = new StringBuilder();
            reply.writer = nodes.get(owner).adapter.streams().create(LogReader.head(reply.id), reply.fence);
        }

        void finish() throws Exception {
            if (still > 0) {
                redis.resume();
            }
            lines.forEach(FaultProxy::heal);
            for (Reply reply : replies) {
                say(reply);
                reply.writer.end();
                reply.writer.close();
            }
            for (Reply reply : replies) {
                read(reply);
                for (LogReader reader : reply.readers) {
                    assertThat(reader.whole())
                            .as(reply.id + " under " + reply.fence + " of node " + reply.owner + ", found " + reader.text())
                            .succeedsWithin(Duration.ofSeconds(60))
                            .isEqualTo(reply.text.toString());
                }
            }
        }

        @Override
        public void close() {
            if (still > 0) {
                redis.resume();
            }
            lines.forEach(FaultProxy::heal);
            nodes.forEach(TestNode::close);
            lines.forEach(FaultProxy::close);
            redis.close();
        }
    }
}
