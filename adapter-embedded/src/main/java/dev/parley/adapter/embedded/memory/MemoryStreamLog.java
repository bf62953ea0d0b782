package dev.parley.adapter.embedded.memory;

import dev.parley.adapter.embedded.memory.LiveMemory.Retention;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.StreamHead;
import dev.parley.domain.reply.StreamLog;
import dev.parley.domain.time.Timers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** All stream logs of this process, and when they are forgotten. */
final class MemoryStreamLog implements StreamLog, AutoCloseable {

    private final InstantSource clock;
    private final Timers timers;
    private final Retention retention;
    private final ConcurrentHashMap<MessageId, ReplyLog> logs = new ConcurrentHashMap<>();
    private final Tellers tellers = new Tellers();

    MemoryStreamLog(InstantSource clock, Timers timers, Retention retention) {
        this.clock = clock;
        this.timers = timers;
        this.retention = retention;
    }

    @Override
    public Writer create(StreamHead head, long fence) {
        ReplyLog log = logs.compute(head.reply(), (id, present) -> {
            ReplyLog begun = present == null ? new ReplyLog(id, tellers) : present;
            begun.begin(head, fence, clock.millis());
            return begun;
        });
        watch(log, retention.abandoned());
        return new LogWriter(log, fence);
    }

    @Override
    public Cursor open(MessageId reply, long offset) {
        if (offset < 0) {
            throw new IllegalArgumentException("Expected an offset from 0, found " + offset);
        }
        ReplyLog log = logs.compute(reply, (id, present) -> {
            ReplyLog opened = present == null ? new ReplyLog(id, tellers) : present;
            opened.readers++;
            return opened;
        });
        return new LogCursor(log, offset, () -> left(log));
    }

    /** Logs that never began are there for those who wait only. */
    private void left(ReplyLog log) {
        logs.computeIfPresent(log.reply(), (id, present) -> {
            log.readers--;
            return present == log && log.readers == 0 && !log.begun() ? null : present;
        });
    }

    private void watch(ReplyLog log, Duration from) {
        log.watchedBy(timers.after(from, () -> forgetIfDue(log)));
    }

    private void forgetIfDue(ReplyLog log) {
        logs.computeIfPresent(log.reply(), (id, present) -> {
            if (present != log) {
                return present;
            }
            long left = log.dueAt(retention) - clock.millis();
            if (left > 0) {
                watch(log, Duration.ofMillis(left));
                return log;
            }
            log.forget();
            return null;
        });
    }

    @Override
    public void close() {
        for (MessageId reply : logs.keySet()) {
            logs.computeIfPresent(reply, (id, log) -> {
                log.forget();
                return null;
            });
        }
    }

    private final class LogWriter implements Writer {
        private final ReplyLog log;
        private final long fence;

        LogWriter(ReplyLog log, long fence) {
            this.log = log;
            this.fence = fence;
        }

        @Override
        public long append(String text) {
            return log.append(fence, text, clock.millis());
        }

        @Override
        public long append(String text, Executor teller) {
            return log.append(fence, text, clock.millis(), teller);
        }

        @Override
        public void end() {
            if (log.end(fence, clock.millis())) {
                watch(log, retention.ended());
            }
        }

        @Override
        public void close() {
            // What was appended stays; the log waits for its end, for a newer writer, or to be forgotten.
        }
    }
}
