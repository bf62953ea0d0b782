package dev.parley.application.reply;

import dev.parley.domain.Registration;
import dev.parley.domain.error.ChatException;
import dev.parley.domain.store.ReplyStore;
import dev.parley.domain.time.Timers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Makes a running reply's text safe from time to time, beside the model's thread, as long as there is something new. */
final class Checkpoints implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Checkpoints.class.getName());

    private final Turn turn;
    private final DeltaWriter text;
    private final ReplyStore store;
    private final Timers timers;
    private final Duration every;
    private final AtomicBoolean planned = new AtomicBoolean();
    private volatile Registration timer = () -> {};
    private volatile boolean closed;
    // written by one planned run at a time
    private volatile int safe;

    Checkpoints(Turn turn, DeltaWriter text, ReplyStore store, Timers timers, Duration every) {
        this.turn = turn;
        this.text = text;
        this.store = store;
        this.timers = timers;
        this.every = every;
    }

    /** There is new text: it is safe within a period. */
    void grown() {
        if (!closed && !planned.get() && planned.compareAndSet(false, true)) {
            timer = timers.after(every, this::save);
        }
    }

    @Override
    public void close() {
        closed = true;
        timer.close();
    }

    private void save() {
        if (closed) {
            return;
        }
        boolean more = true;
        try {
            int from = safe;
            String tail = text.tail(from);
            if (!tail.isEmpty()) {
                // One that was on its way when the run was over may find the reply ended.
                if (!store.checkpoint(turn.id(), turn.reply().fence(), from, tail) && !closed) {
                    turn.fenced("its text is not this node's to keep");
                }
                safe = from + tail.length();
            }
            more = !text.tail(safe).isEmpty();
        } catch (ChatException broken) {
            LOG.log(System.Logger.Level.WARNING, "reply=" + turn.id() + " is not safe", broken);
        } finally {
            planned.set(false);
        }
        if (more) {
            grown();
        }
    }
}
