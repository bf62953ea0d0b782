package dev.parley.client;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Messages that the server has not acknowledged, oldest first, one under way at a time so that their order is kept. Each lies under a key
 * of its own in the storage, so that several programs do not overwrite each other. Used on the client's thread only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what comes of each is told on the client's thread
final class Outbox {

    /** Refusals that pass: the same message is sent again, with the same id. */
    private static final Set<String> PASSING = Set.of("RATE_LIMIT", "STORE_UNAVAILABLE", "INTERNAL");

    private static final System.Logger LOG = System.getLogger("dev.parley.client");
    private static final int MAX_FAULTS = 8;
    private static final int LONGEST_WAIT = 30;

    private final Loop loop;
    private final Storage storage;
    private final String prefix;
    private final int bound;
    private final Duration deadline;
    private final Predicate<Frame> send;
    private final BiConsumer<Sent, Listener.Outgoing> tell;
    private final CopyOnWriteArrayList<Sent> sents = new CopyOnWriteArrayList<>();
    private @Nullable Sent flying;
    private Loop.Timer timer = Loop.Timer.NONE;
    private boolean open;
    private Optional<ParleyException> closed = Optional.empty();
    private long count;

    Outbox(Loop loop, Storage storage, String prefix, Settings settings, Predicate<Frame> send,
            BiConsumer<Sent, Listener.Outgoing> tell) {
        this.loop = loop;
        this.storage = storage;
        this.prefix = prefix;
        this.bound = settings.outboxLimit();
        this.deadline = settings.ackDeadline();
        this.send = send;
        this.tell = tell;
    }

    /** Known to every thread. */
    List<Sent> sents() {
        return List.copyOf(sents);
    }

    /** Takes up what an earlier program left behind. */
    void restore(Function<Frame, Sent> maker) {
        List<Frame> found = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        trying(() -> keys.addAll(storage.keys()));
        for (String key : keys) {
            // One that cannot be read keeps none of the others from being sent.
            trying(() -> {
                if (key.startsWith(prefix)) {
                    storage.read(key).flatMap(Json::frame).ifPresent(found::add);
                }
            });
        }
        found.sort(Comparator.comparing(entry -> entry.whole("n").orElse(0L)));
        for (Frame entry : found) {
            count = Math.max(count, entry.whole("n").orElse(0L));
            Optional<Frame> frame = entry.part("frame").filter(each -> each.text("id").isPresent());
            if (frame.isPresent() && sents.size() < bound) {
                sents.add(maker.apply(frame.get()));
            }
        }
    }

    void add(Sent sent) {
        if (sents.size() >= bound) {
            sent.refuse(new ParleyException("OUTBOX_FULL", "More than " + bound + " messages wait to be sent"));
            tell.accept(sent, Listener.Outgoing.REFUSED);
            return;
        }
        sents.add(sent);
        store(sent);
        closed.ifPresent(sent::leave);
        tell.accept(sent, Listener.Outgoing.WAITING);
        next();
    }

    /** Takes a message back that is not under way. */
    boolean withdraw(String id) {
        Optional<Sent> sent = named(Optional.of(id)).filter(each -> each != flying);
        sent.ifPresent(each -> {
            take(each);
            each.refuse(new ParleyException("CLOSED", "Withdrawn before it was sent"));
            tell.accept(each, Listener.Outgoing.REFUSED);
        });
        return sent.isPresent();
    }

    /** Frames can be sent from now on. */
    void opened() {
        open = true;
        next();
    }

    /** They cannot any more; what was under way is sent again with the same id. */
    void lost() {
        open = false;
        timer.cancel();
        if (flying != null) {
            back(flying);
        }
    }

    /** Whoever waits is told why in vain; the messages stay. */
    void closed(ParleyException why) {
        closed = Optional.of(why);
        sents.forEach(sent -> sent.leave(why));
    }

    void reopened() {
        closed = Optional.empty();
        sents.forEach(Sent::revive);
    }

    /** The one an acknowledgement belongs to. */
    Optional<Sent> accept(Frame ack) {
        Optional<Sent> sent = named(ack.text("id"));
        sent.ifPresent(each -> {
            take(each);
            each.accept(new Receipt(ack.text("message_id").orElse(""), ack.text("reply_id"), ack.truth("duplicate")));
            tell.accept(each, Listener.Outgoing.ACCEPTED);
            next();
        });
        return sent;
    }

    /** The server said no, for now or for good; whether it was about a message here. */
    boolean refuse(Frame frame) {
        Optional<Sent> sent = named(frame.text("id"));
        sent.ifPresent(each -> refuse(each, ParleyException.of(frame)));
        return sent.isPresent();
    }

    /** What is under way broke the connection itself and would do so again. */
    void refuseFlying(String code, String message) {
        if (flying != null) {
            refuse(flying, new ParleyException(code, message));
        }
    }

    private void refuse(Sent sent, ParleyException error) {
        boolean limit = error.code().equals("RATE_LIMIT");
        boolean busy = error.code().equals("BUSY") && error.retryAfter().isPresent()
                && !sent.frame().text("overlap").equals(Optional.of("reject"));
        if (!limit) {
            sent.faulted();
        }
        if ((PASSING.contains(error.code()) || busy) && sent.faults() < MAX_FAULTS) {
            sent.postpone(error, error.retryAfter().orElse(Duration.ofSeconds(Math.min(LONGEST_WAIT, 1L << sent.faults()))));
            back(sent);
            tell.accept(sent, Listener.Outgoing.RETRYING);
        } else {
            take(sent);
            sent.refuse(error);
            tell.accept(sent, Listener.Outgoing.REFUSED);
        }
        next();
    }

    private void next() {
        timer.cancel();
        if (!open || sents.isEmpty()) {
            return;
        }
        Sent sent = sents.getFirst();
        Sent underWay = flying;
        Duration wait = sent.left(System.nanoTime());
        if (underWay != null) {
            // An acknowledgement that does not come is asked for again; the id makes that harmless.
            timer = loop.later(deadline, () -> {
                back(underWay);
                next();
            });
        } else if (wait.isPositive()) {
            timer = loop.later(wait, this::next);
        } else if (send.test(sent.frame())) {
            flying = sent;
            sent.is(Sent.Status.SENDING);
            tell.accept(sent, Listener.Outgoing.SENDING);
            next();
        }
    }

    private void back(Sent sent) {
        sent.is(Sent.Status.WAITING);
        if (flying == sent) {
            flying = null;
        }
    }

    private void take(Sent sent) {
        if (flying == sent) {
            flying = null;
        }
        sents.remove(sent);
        // What stays would be sent once more by a later program, under the same id.
        trying(() -> storage.remove(prefix + sent.id()));
    }

    private Optional<Sent> named(Optional<String> id) {
        return sents.stream().filter(each -> id.equals(Optional.of(each.id()))).findFirst();
    }

    private void store(Sent sent) {
        count++;
        trying(() -> storage.write(prefix + sent.id(), Json.write(Map.of("n", count, "frame", sent.frame()))));
    }

    /** A full or forbidden storage, whatever it throws, costs the survival and not the message. */
    private static void trying(Storing work) {
        try {
            work.run();
        } catch (IOException | RuntimeException failing) {
            LOG.log(System.Logger.Level.DEBUG, "The storage of unsent messages failed", failing);
        }
    }

    /** Something asked of a storage. */
    private interface Storing {
        void run() throws IOException;
    }
}
