package dev.parley.application.reply;

import dev.parley.application.Ports;
import dev.parley.application.ledger.Ledger;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.ReplyFacts;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.store.SessionTransaction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Stores the end of a reply: once, by the newest fence only, and however long the store is away, as long as this process lives.
 */
final class Settlement {

    private static final System.Logger LOG = System.getLogger(Settlement.class.getName());

    private static final Duration RETRY = Duration.ofSeconds(2);

    /** Everything that is known at the end. */
    record Final(
            Reply reply,
            String text,
            ReplyStatus status,
            Optional<ErrorCode> error,
            Optional<Choice> choice,
            Optional<Integer> tokens,
            Optional<Duration> processingTime,
            Optional<Duration> timeToFirstToken) {

        /** An end without a run: with what is safe, as stopped if somebody wanted that and as interrupted if not. */
        static Final withoutRun(Reply reply, boolean stopped) {
            return new Final(
                    reply,
                    reply.checkpoint(),
                    stopped ? ReplyStatus.STOPPED : ReplyStatus.INTERRUPTED,
                    stopped ? Optional.empty() : Optional.of(ErrorCode.INTERRUPTED),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }
    }

    private final Ports ports;
    private final Ledger ledger;
    private volatile boolean closed;

    Settlement(Ports ports, Ledger ledger) {
        this.ports = ports;
        this.ledger = ledger;
    }

    /**
     * Stores it and then runs {@code over}; tries again as long as the store is only away for a while. What can never be stored
     * is given up, since it must not hold up others.
     */
    void settle(Final end, Runnable over) {
        try {
            Instant now = ports.clock().instant();
            ledger.write(end.reply().session(), transaction -> append(transaction, end, now));
        } catch (UnavailableException away) {
            LOG.log(System.Logger.Level.ERROR, "reply=" + end.reply().id() + " cannot be ended yet", away);
            if (!closed) {
                ports.timers().after(RETRY, () -> settle(end, over));
            }
            return;
        } catch (RuntimeException broken) {
            LOG.log(System.Logger.Level.ERROR, "reply=" + end.reply().id() + " cannot be ended", broken);
        }
        over.run();
    }

    /** Nothing is tried again from now on. */
    void close() {
        closed = true;
    }

    private static boolean append(SessionTransaction transaction, Final end, Instant now) {
        Optional<Reply> record = transaction.reply(end.reply().id());
        Optional<Message> place = transaction.message(end.reply().id());
        if (record.isEmpty() || place.isEmpty() || record.get().fence() != end.reply().fence()) {
            return false;
        }
        Message message = place.get();
        ReplyFacts before = message.reply()
                .orElseGet(() -> ReplyFacts.requested(end.reply().question(), List.of()));
        ReplyFacts facts = new ReplyFacts(
                before.question(),
                end.status(),
                end.error(),
                end.choice().map(Choice::model).orElse(before.model()),
                end.choice().map(Choice::fallback).orElse(before.fallback()),
                end.tokens(),
                end.processingTime(),
                end.timeToFirstToken(),
                before.versions(),
                before.supersededBy());
        Message ended = message.replied(end.text(), facts);
        if (end.choice().isPresent()) {
            Choice choice = end.choice().get();
            ended = ended.withAuthor(
                    new Author.Agent(choice.agent().id(), choice.agent().name()));
        }
        transaction.append(now, new Change.ReplyEnded(ended));
        return true;
    }
}
