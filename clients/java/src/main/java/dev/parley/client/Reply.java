package dev.parley.client;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One answer of the model. Subscribe to it, or iterate over {@link #pieces()}, to get its text piece by piece, from its beginning even
 * when that starts late; {@link #text()} is what there is so far. Whoever asks slowly gets larger pieces, and loses none.
 *
 * <p>The server may begin a reply anew (its text is then emptied); subscribers and iterators go on where they were.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what comes of each is told on the client's thread
public final class Reply implements Flow.Publisher<String> {

    /** What becomes of a reply; the last four are its ends. */
    public enum Status {
        PENDING,
        QUEUED,
        STREAMING,
        COMPLETED,
        STOPPED,
        FAILED,
        INTERRUPTED;

        boolean end() {
            return compareTo(COMPLETED) >= 0;
        }

        static Optional<Status> end(Optional<String> word) {
            return word.flatMap(given -> List.of(COMPLETED, STOPPED, FAILED, INTERRUPTED)
                    .stream()
                    .filter(each -> each.word().equals(given))
                    .findFirst());
        }

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private final Executor workers;
    private final Function<Reply, CompletableFuture<List<String>>> stop;
    private volatile CompletableFuture<Reply> finished = new CompletableFuture<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final StringBuilder text = new StringBuilder();
    private final List<PieceSubscription> subscriptions = new ArrayList<>();
    private volatile Status status = Status.PENDING;
    private volatile Optional<String> messageId = Optional.empty();
    private volatile Optional<String> questionId = Optional.empty();
    private volatile Optional<Integer> position = Optional.empty();
    private volatile Optional<String> agent = Optional.empty();
    private volatile Optional<String> model = Optional.empty();
    private volatile List<String> versions = List.of();
    private volatile Optional<Frame> message = Optional.empty();
    private volatile Optional<ParleyException> error = Optional.empty();
    private volatile boolean refused;
    /** The object that goes on in this one's place; whoever holds this one reads on there. */
    private volatile @Nullable Reply instead;
    /** Those in whose place this one goes on. */
    private final List<Reply> twins = new CopyOnWriteArrayList<>();

    Reply(Executor workers, Function<Reply, CompletableFuture<List<String>>> stop) {
        this.workers = workers;
        this.stop = stop;
    }

    /** The id of the message it becomes, once the server has named it. */
    public Optional<String> messageId() {
        return now().messageId;
    }

    public Optional<String> questionId() {
        return now().questionId;
    }

    public Status status() {
        return now().status;
    }

    public boolean ended() {
        return status().end();
    }

    /** The text so far. */
    public String text() {
        Reply now = now();
        now.lock.lock();
        try {
            return now.text.toString();
        } finally {
            now.lock.unlock();
        }
    }

    /** Place in the model's queue while queued, 1 being next. */
    public Optional<Integer> position() {
        return now().position;
    }

    public Optional<String> agent() {
        return now().agent;
    }

    public Optional<String> model() {
        return now().model;
    }

    /** The ids of the earlier replies to the same question, oldest first. */
    public List<String> versions() {
        return now().versions;
    }

    /** The message object, once it has ended. */
    public Optional<Frame> message() {
        return now().message;
    }

    /** What went wrong with it. */
    public Optional<ParleyException> error() {
        return now().error;
    }

    /** This reply at its end, however it ended; fails when it never began, or the client was closed before. */
    public CompletableFuture<Reply> finished() {
        return finished.copy();
    }

    /** Stops it, also while it waits; completes when the server has confirmed, with the ids of what was stopped. */
    public CompletableFuture<List<String>> stop() {
        return stop.apply(this);
    }

    /** Its text piece by piece; waits for the next one, best on a virtual thread. */
    public Iterable<String> pieces() {
        return Pieces::new;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super String> subscriber) {
        PieceSubscription subscription = new PieceSubscription(this, subscriber, workers);
        lock.lock();
        try {
            subscriptions.add(subscription);
        } finally {
            lock.unlock();
        }
        subscription.begin();
    }

    void forget(PieceSubscription subscription) {
        lock.lock();
        try {
            subscriptions.remove(subscription);
        } finally {
            lock.unlock();
        }
    }

    /** What there is after {@code shown} characters, whole characters only. */
    Optional<String> after(int shown) {
        Reply now = now();
        now.lock.lock();
        try {
            int end = now.text.length();
            boolean cut = end > 0 && Character.isHighSurrogate(now.text.charAt(end - 1)) && !ended();
            int whole = cut ? end - 1 : end;
            return whole > shown ? Optional.of(now.text.substring(shown, whole)) : Optional.empty();
        } finally {
            now.lock.unlock();
        }
    }

    /** Why nothing will come as long as the client is closed, or ever. */
    Optional<ParleyException> refusal() {
        Reply now = now();
        return now.refused ? now.error : Optional.empty();
    }

    private Reply now() {
        Reply other = instead;
        return other == null ? this : other.now();
    }

    // What follows is the client's: called on its thread.

    int length() {
        lock.lock();
        try {
            return text.length();
        } finally {
            lock.unlock();
        }
    }

    void named(Optional<String> id, Optional<String> question) {
        messageId = id.or(this::messageId);
        questionId = question.or(this::questionId);
    }

    void queue(Optional<Integer> place) {
        status = Status.QUEUED;
        position = place;
        changed();
    }

    void begin(Frame frame) {
        status = Status.STREAMING;
        position = Optional.empty();
        agent = frame.text("agent_used").or(this::agent);
        model = frame.text("model").or(this::model);
        versions = frame.texts("versions").isEmpty() ? versions : frame.texts("versions");
        replace("");
        refused = false;
        changed();
    }

    void append(String delta) {
        lock.lock();
        try {
            text.append(delta);
        } finally {
            lock.unlock();
        }
        status = Status.STREAMING;
        refused = false;
        changed();
    }

    void end(Status how, Optional<Frame> stored, Optional<Frame> metadata) {
        stored.flatMap(each -> each.text("content")).ifPresent(this::replace);
        Optional<Frame> told = metadata.or(() -> stored.flatMap(each -> each.part("metadata")));
        agent = told.flatMap(each -> each.text("agent_used")).or(this::agent);
        model = told.flatMap(each -> each.text("model")).or(this::model);
        versions = stored.map(each -> each.texts("versions")).filter(ids -> !ids.isEmpty()).orElse(versions);
        message = stored;
        position = Optional.empty();
        status = how;
        changed();
        finish();
    }

    void fault(ParleyException what) {
        error = Optional.of(what);
    }

    /** It will never begin, or does not go on as long as the client is closed. */
    void refuse(ParleyException why) {
        if (ended()) {
            return;
        }
        error = Optional.of(why);
        refused = true;
        changed();
        CompletableFuture<Reply> waiting = finished;
        workers.execute(() -> waiting.completeExceptionally(why));
        twins.forEach(twin -> twin.refuse(why));
    }

    /** The client is open again: what was given up goes on. */
    void revive() {
        if (refused) {
            refused = false;
            error = Optional.empty();
            finished = new CompletableFuture<>();
            twins.forEach(Reply::revive);
        }
    }

    /** Goes on in place of that one, which was made when the frames overtook the acknowledgement. */
    void takeOver(Reply other) {
        messageId = other.messageId;
        position = other.position;
        agent = other.agent;
        model = other.model;
        versions = other.versions;
        error = other.error;
        replace(other.text());
        if (other.ended()) {
            end(other.status, other.message, Optional.empty());
        } else {
            status = other.status;
        }
        twins.add(other);
        other.instead = this;
        changed();
    }

    private void finish() {
        CompletableFuture<Reply> waiting = finished;
        waiting.completeAsync(() -> this, workers);
        twins.forEach(Reply::finish);
    }

    private void replace(String whole) {
        lock.lock();
        try {
            text.setLength(0);
            text.append(whole);
        } finally {
            lock.unlock();
        }
    }

    private void changed() {
        List<PieceSubscription> all;
        lock.lock();
        try {
            more.signalAll();
            all = List.copyOf(subscriptions);
        } finally {
            lock.unlock();
        }
        all.forEach(PieceSubscription::wake);
        twins.forEach(Reply::changed);
    }

    /** Waits for pieces. Used by one thread. */
    private final class Pieces implements Iterator<String> {
        private int shown;
        private Optional<String> next = Optional.empty();

        @Override
        public boolean hasNext() {
            lock.lock();
            try {
                while (next.isEmpty()) {
                    next = after(shown);
                    if (next.isEmpty() && ended()) {
                        return false;
                    }
                    if (next.isEmpty()) {
                        refusal().ifPresent(why -> {
                            throw why;
                        });
                        more.await();
                    }
                }
                return true;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new ParleyException("INTERRUPTED", "Interrupted while waiting for the reply");
            } finally {
                lock.unlock();
            }
        }

        @Override
        public String next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            String piece = next.orElseThrow();
            shown += piece.length();
            next = Optional.empty();
            return piece;
        }
    }
}
