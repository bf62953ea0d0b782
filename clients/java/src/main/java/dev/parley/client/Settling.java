package dev.parley.client;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Nothing tells how replies ended that ended before a reload, or before it was known whose they are; the stored messages do. Each is
 * asked for, with growing pauses, until it has ended or is known not to be there, or the client closes. Used on the client's thread only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what comes of each is told on the client's thread
final class Settling {

    /** Answers that stay what they are, however often one asks. */
    private static final Set<Integer> DEFINITE = Set.of(400, 403, 404, 410);

    private final Loop loop;
    private final Replies replies;
    private final Function<String, CompletableFuture<Frame>> ask;
    private final BiConsumer<Reply, ParleyException> giveUp;
    private final Supplier<Backoff> backoffs;
    private final Map<String, Question> open = new HashMap<>();

    /**
     * @param ask for the message of that id
     * @param giveUp a reply that is known not to be there
     */
    Settling(Loop loop, Replies replies, Function<String, CompletableFuture<Frame>> ask,
            BiConsumer<Reply, ParleyException> giveUp, Supplier<Backoff> backoffs) {
        this.loop = loop;
        this.replies = replies;
        this.ask = ask;
        this.giveUp = giveUp;
        this.backoffs = backoffs;
    }

    /** What is asked about one reply. */
    private static final class Question {
        private final String id;
        private final Backoff backoff;
        private Loop.Timer next = Loop.Timer.NONE;

        Question(String id, Backoff backoff) {
            this.id = id;
            this.backoff = backoff;
        }
    }

    /** Asks for all that run and are not asked for yet. */
    void begin() {
        for (Reply reply : replies.running()) {
            reply.messageId().ifPresent(this::settle);
        }
    }

    /** Asks for that one, unless it has ended, is unknown or asked for already. */
    void settle(String id) {
        boolean runs = replies.get(Optional.of(id)).filter(reply -> !reply.ended()).isPresent();
        if (runs && !open.containsKey(id)) {
            Question question = new Question(id, backoffs.get());
            open.put(id, question);
            ask(question);
        }
    }

    /** Nothing is asked any more, until it begins again. */
    void stop() {
        open.values().forEach(question -> question.next.cancel());
        open.clear();
    }

    private void ask(Question question) {
        ask.apply(question.id)
                .whenComplete((message, fault) -> loop.run(() -> {
                    if (open.get(question.id) == question) {
                        answered(question, message, fault);
                    }
                }));
    }

    private void answered(Question question, @Nullable Frame message, @Nullable Throwable fault) {
        Optional<Reply> reply = replies.get(Optional.of(question.id)).filter(each -> !each.ended());
        Optional<Frame> over = Optional.ofNullable(message)
                .filter(found -> Reply.Status.end(found.text("status")).isPresent());
        Optional<ParleyException> error =
                fault != null && Rest.cause(fault) instanceof ParleyException why ? Optional.of(why) : Optional.empty();
        Optional<ParleyException> never = error.filter(why -> DEFINITE.contains(why.status().orElse(0)));
        if (reply.isPresent() && over.isEmpty() && never.isEmpty()) {
            Duration least = error.flatMap(ParleyException::retryAfter).orElse(Duration.ZERO);
            Duration own = question.backoff.next();
            question.next = loop.later(own.compareTo(least) > 0 ? own : least, () -> ask(question));
            return;
        }
        open.remove(question.id);
        reply.ifPresent(each -> {
            if (over.isPresent()) {
                replies.settle(each, over, Optional.empty(), Optional.empty());
            }
            never.ifPresent(why -> giveUp.accept(each, why));
        });
    }
}
