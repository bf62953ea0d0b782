package dev.parley.adapter.redis;

import static dev.parley.adapter.redis.Answers.bytes;

import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.StreamHead;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What Redis is asked about logs. */
final class LogCalls {

    private final Broker broker;
    private final Names names;
    private final RedisAdapter.Retention retention;

    LogCalls(Broker broker, Names names, RedisAdapter.Retention retention) {
        this.broker = broker;
        this.names = names;
        this.retention = retention;
    }

    /** Whose log it is: each owner of a reply has a fence of its own, and each text an epoch. */
    record Ownership(StreamHead head, long fence, String epoch) {
        MessageId reply() {
            return head.reply();
        }
    }

    /** Where readers of a log listen. */
    String readersOf(MessageId reply) {
        return names.readersOf(reply);
    }

    /** Where owners of a log listen, to hear the fence of the one who took it. */
    String ownersOf(MessageId reply) {
        return names.ownersOf(reply);
    }

    List<Object> create(Ownership owner) {
        return broker.list(
                Script.LOG_CREATE,
                keys(owner.reply()),
                List.of(
                        bytes(owner.fence()),
                        bytes(owner.epoch()),
                        LogNews.head(owner.head()),
                        kept(false),
                        bytes(names.readersOf(owner.reply())),
                        LogNews.before(owner.epoch(), 0, 0, false),
                        bytes(names.ownersOf(owner.reply())),
                        bytes(owner.fence())));
    }

    /** Adds {@code piece}, which begins at {@code from}. */
    CompletableFuture<Object> append(Ownership owner, long from, String piece, boolean last) {
        long to = from + piece.length();
        boolean inFull = piece.length() <= LogNews.LONGEST;
        return broker.submit(
                Script.LOG_APPEND,
                keys(owner.reply()),
                List.of(
                        bytes(owner.fence()),
                        bytes(owner.epoch()),
                        bytes(from),
                        bytes(to),
                        flag(last),
                        kept(last),
                        bytes(names.readersOf(owner.reply())),
                        LogNews.before(owner.epoch(), from, to, last),
                        flag(inFull),
                        bytes(piece)));
    }

    /** Puts the whole text where it was lost. */
    CompletableFuture<Object> restore(Ownership owner, String whole, boolean last) {
        return broker.submit(
                Script.LOG_RESTORE,
                keys(owner.reply()),
                List.of(
                        bytes(owner.fence()),
                        bytes(owner.epoch()),
                        LogNews.head(owner.head()),
                        bytes(whole.length()),
                        flag(last),
                        kept(last),
                        bytes(names.readersOf(owner.reply())),
                        LogNews.before(owner.epoch(), 0, whole.length(), last),
                        bytes(names.ownersOf(owner.reply())),
                        bytes(owner.fence()),
                        bytes(whole)));
    }

    /** What there is behind the {@code known}th byte of the text of {@code epoch}, or everything of another one; or nothing. */
    Object read(MessageId reply, String epoch, long known) {
        return broker.run(Script.LOG_READ, keys(reply), List.of(bytes(epoch), bytes(known)));
    }

    private List<byte[]> keys(MessageId reply) {
        return List.of(names.log(reply), names.logText(reply));
    }

    private byte[] kept(boolean ended) {
        return bytes(RedisLeases.millis(ended ? retention.ended() : retention.abandoned()));
    }

    private static byte[] flag(boolean value) {
        return bytes(value ? "1" : "");
    }
}
