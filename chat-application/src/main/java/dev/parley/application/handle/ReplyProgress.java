package dev.parley.application.handle;

import dev.parley.application.Ports;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.command.ReplyState;
import dev.parley.application.guard.Access;
import dev.parley.application.reply.Replies;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.ReplyFacts;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.reply.StreamLog;
import dev.parley.domain.store.SessionStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How far replies have come, on whatever node they run: by what the store, the log and this node know. A node that does not run
 * a reply knows its text as well as the one that does, and its times less exactly.
 */
final class ReplyProgress {

    /** How long a log elsewhere is waited for, which may have to be asked over a network. */
    private static final Duration LOOK = Duration.ofMillis(100);

    /** How much of a session's feed is searched for a reply's end, page by page. */
    private static final int PAGE = 200;

    private static final int PAGES = 5;

    /** What is said of a reply that may go on for ever. */
    private static final double NEARLY = 0.99;

    private final Ports ports;
    private final Access access;
    private final Replies replies;

    ReplyProgress(Ports ports, Access access, Replies replies) {
        this.ports = ports;
        this.access = access;
        this.replies = replies;
    }

    Outcome<ReplyState> reply(Call call, Command.GetReply command) {
        return access.message(call.caller(), Optional.empty(), command.reply())
                .then(message -> message.reply()
                        .map(facts -> Outcome.done(facts.status().ended() ? ended(message, facts) : running(message)))
                        .orElseGet(() -> Outcome.refused(
                                ErrorCode.NOT_FOUND, "Expected a reply, found a person's message")));
    }

    private ReplyState ended(Message message, ReplyFacts facts) {
        Duration took = facts.processingTime().orElse(Duration.ZERO);
        Instant end = endOf(message).orElseGet(() -> message.createdAt().plus(took));
        int length = message.content().length();
        return new ReplyState(
                message,
                false,
                1,
                length,
                bytes(message.content()),
                facts.tokens().orElseGet(() -> ReplyState.tokensIn(length)),
                end.minus(took),
                Optional.of(end),
                facts.timeToFirstToken(),
                took);
    }

    /** When the reply's end was stored, unless that is forgotten or far from its beginning. */
    private Optional<Instant> endOf(Message reply) {
        long from = reply.position();
        for (int page = 0; page < PAGES; page++) {
            List<Change> changes =
                    switch (ports.sessions().changesAfter(reply.session(), from, PAGE)) {
                        case SessionStore.Feed.Changes found -> found.changes();
                        case SessionStore.Feed.Lost lost -> List.of();
                    };
            Optional<Instant> end = changes.stream().filter(change -> ends(change, reply)).findFirst().map(Change::at);
            if (end.isPresent() || changes.size() < PAGE) {
                return end;
            }
            from = changes.getLast().position();
        }
        return Optional.empty();
    }

    private static boolean ends(Change change, Message reply) {
        return change.body() instanceof Change.ReplyEnded ended
                && ended.message().id().equals(reply.id());
    }

    private ReplyState running(Message message) {
        Optional<Replies.Running> here = replies.here(message.id());
        Optional<Instant> begun = here.flatMap(Replies.Running::begunAt);
        boolean waitsHere = here.isPresent() && begun.isEmpty();
        Optional<String> text = waitsHere ? Optional.empty() : textOf(message);
        Instant since = begun.orElse(message.createdAt());
        int length = text.map(String::length).orElse(0);
        int tokens = ReplyState.tokensIn(length);
        Duration took = Duration.between(since, ports.clock().instant());
        return new ReplyState(
                message,
                begun.isEmpty() && text.isEmpty(),
                here.flatMap(Replies.Running::maxTokens)
                        .map(most -> Math.min(NEARLY, (double) tokens / most))
                        .orElse(0.0),
                length,
                text.map(ReplyProgress::bytes).orElse(0L),
                tokens,
                since,
                Optional.empty(),
                here.flatMap(Replies.Running::firstText),
                took.isNegative() ? Duration.ZERO : took);
    }

    /** The text so far; empty as long as the reply has not begun to be written. */
    private Optional<String> textOf(Message message) {
        try (StreamLog.Cursor cursor = ports.streams().open(message.id(), 0)) {
            if (cursor.next(LOOK) instanceof StreamLog.Read.Grown grown) {
                return Optional.of(grown.text());
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (UnavailableException away) {
            // What is safe is as good while the log is away.
        }
        return ports.replies()
                .find(message.id())
                .map(Reply::checkpoint)
                .filter(safe -> !safe.isEmpty());
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
