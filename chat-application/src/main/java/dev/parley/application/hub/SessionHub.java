package dev.parley.application.hub;

import dev.parley.application.Following;
import dev.parley.application.Link;
import dev.parley.application.Ports;
import dev.parley.application.event.Event;
import dev.parley.domain.Registration;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ChatException;
import dev.parley.domain.live.Hint;
import dev.parley.domain.live.Topic;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.reply.StreamLog;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.SessionStore;
import dev.parley.domain.store.SessionTransaction;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Everybody on this node who follows one session.
 *
 * <p>It reads the session's feed and its running replies once for all of them, each from its own position, and tells each what
 * it has not been told. Hints only make it look; it also looks from time to time without one. Everything here runs in one
 * {@link Serial}, so all followers see one order.
 */
final class SessionHub {

    private static final System.Logger LOG = System.getLogger(SessionHub.class.getName());

    private static final int BATCH = 200;
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final int RETRIES = 10;

    private final SessionId session;
    private final Ports ports;
    private final int maxMissed;
    private final Duration typingLife;
    private final Serial serial;
    private final Registration hints;

    // used in serial alone
    private final Set<Follower> followers = new LinkedHashSet<>();
    private final Map<MessageId, RunningReply> running = new HashMap<>();
    private final Map<MessageId, ReplyTail> tails = new HashMap<>();
    private final Map<String, Registration> typing = new HashMap<>();
    private long position = -1;
    private int failures;

    SessionHub(SessionId session, Ports ports, int maxMissed, Duration typingLife) {
        this.session = session;
        this.ports = ports;
        this.maxMissed = maxMissed;
        this.typingLife = typingLife;
        this.serial = new Serial("hub-" + session);
        this.hints = ports.bus().subscribe(new Topic.OfSession(session), this::heard);
    }

    /** Begins to tell {@code follower} what it missed and what is live; completes with how the session stood. */
    CompletableFuture<Optional<Following>> join(Follower follower, Link.From from) {
        return inOrder(() -> {
            if (position < 0 && !begin()) {
                return Optional.empty();
            }
            pull();
            Optional<Session> now = ports.sessions().find(session);
            if (now.isEmpty()) {
                return Optional.empty();
            }
            followers.add(follower);
            boolean recovered = switch (from) {
                case Link.From.Now live -> true;
                case Link.From.Position missed -> catchUp(follower, missed.position());
            };
            follower.attach(position);
            running.values()
                    .stream()
                    .filter(RunningReply::begun)
                    .forEach(reply -> follower.show(reply, reply.from(reply.length())));
            if (from instanceof Link.From.Position) {
                follower.tell(new Event.CaughtUp(session, recovered, position));
            }
            return Optional.of(
                    new Following(now.get(), position, ports.presence().in(session)));
        });
    }

    /** Tells {@code follower} once more what lies between {@code from} and where it began. */
    CompletableFuture<Optional<Following>> replay(Follower follower, Link.From.Position from) {
        return inOrder(() -> {
            Optional<Session> now = ports.sessions().find(session);
            if (now.isEmpty()) {
                return Optional.empty();
            }
            follower.know(from.shown());
            long until = follower.began();
            boolean recovered = from.position() <= until
                    && eachChange(from.position(), until, follower::repeat);
            follower.tell(new Event.CaughtUp(session, recovered, position));
            return Optional.of(new Following(now.get(), position, ports.presence().in(session)));
        });
    }

    /** Stops telling {@code follower}. */
    void leave(Follower follower) {
        serial.run(() -> {
            follower.detach();
            followers.remove(follower);
        });
    }

    /** Looks whether something was missed, as if there had been a hint. */
    void look() {
        serial.run(this::pull);
    }

    /** Tells everybody here that the session is gone with everything in it. */
    void purged() {
        serial.run(() -> loseAll(Event.Loss.DELETED));
    }

    /** Ends it; nobody follows any more. */
    void close() {
        hints.close();
        serial.run(() -> {
            tails.values().forEach(ReplyTail::close);
            tails.clear();
            typing.values().forEach(Registration::close);
            typing.clear();
        });
    }

    private <T> CompletableFuture<T> inOrder(Supplier<T> task) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        serial.run(() -> {
            try {
                answer.complete(task.get());
            } catch (RuntimeException failed) {
                answer.completeExceptionally(failed);
            }
        });
        return answer;
    }

    /** Where the session stands now, and which replies run. */
    private boolean begin() {
        Optional<Session> now = ports.sessions().find(session);
        if (now.isEmpty()) {
            return false;
        }
        List<Reply> unfinished = ports.sessions().write(session, SessionTransaction::unfinished);
        position = now.get().position();
        unfinished.forEach(reply -> read(reply.id()));
        return true;
    }

    private void heard(Hint hint) {
        switch (hint) {
            case Hint.FeedGrew grew -> serial.run(() -> {
                if (grew.position() > position) {
                    pull();
                }
            });
            case Hint.Typing typed -> serial.run(() -> typed(typed));
            case Hint.PresenceChanged changed -> serial.run(() -> tellAll(
                    new Event.PresenceChanged(session, changed.user(), changed.name(), changed.online())));
            case Hint.QueueMoved moved -> serial.run(() -> tellAll(
                    new Event.ReplyQueued(session, moved.reply(), moved.question(), moved.place())));
            case Hint.StopRequested h -> {}
            case Hint.TokenRevoked h -> {}
            case Hint.UserRevoked h -> {}
            case Hint.Announced h -> {}
        }
    }

    private void pull() {
        if (position < 0) {
            return;
        }
        try {
            while (true) {
                List<Change> changes =
                        switch (ports.sessions().changesAfter(session, position, BATCH)) {
                            case SessionStore.Feed.Changes more -> more.changes();
                            case SessionStore.Feed.Lost lost -> {
                                loseAll(Event.Loss.DELETED);
                                yield List.of();
                            }
                        };
                changes.forEach(this::apply);
                failures = 0;
                if (changes.size() < BATCH) {
                    return;
                }
            }
        } catch (ChatException away) {
            LOG.log(System.Logger.Level.WARNING, "session=" + session + " cannot be read", away);
            if (++failures > RETRIES) {
                failures = 0;
                tellAll(new Event.Disconnecting(Event.Cause.STORE_LOST, Optional.empty()));
            } else {
                ports.timers().after(RETRY, this::look);
            }
        }
    }

    private void apply(Change change) {
        Event.Happened happened = new Event.Happened(change);
        position = change.position();
        for (Follower follower : followers) {
            if (follower.attached()) {
                follower.tell(happened);
            }
        }
        switch (change.body()) {
            case Change.ReplyStarted started when started.message().running() -> read(started.message().id());
            case Change.ReplyEnded ended -> forget(ended.message().id());
            case Change.MemberLeft left -> lose(left.user());
            case Change.SessionClosed closed -> loseAll(Event.Loss.CLOSED);
            case Change.ReplyStarted b -> {}
            case Change.SessionOpened b -> {}
            case Change.SessionChanged b -> {}
            case Change.MemberJoined b -> {}
            case Change.MessageAdded b -> {}
            case Change.MessageEdited b -> {}
            case Change.MessageDeleted b -> {}
            case Change.ReactionChanged b -> {}
            case Change.FeedbackGiven b -> {}
            case Change.ReceiptGiven b -> {}
        }
    }

    private boolean catchUp(Follower follower, long since) {
        boolean known = since >= 0 && since <= position && position - since <= maxMissed;
        return known && eachChange(since, position, follower::tell);
    }

    /** False when not all of them can be had. */
    private boolean eachChange(long after, long until, Consumer<Event.Happened> told) {
        long at = after;
        while (at < until) {
            int wanted = (int) Math.min(BATCH, until - at);
            switch (ports.sessions().changesAfter(session, at, wanted)) {
                case SessionStore.Feed.Changes some when !some.changes().isEmpty() -> {
                    some.changes().forEach(change -> told.accept(new Event.Happened(change)));
                    at = some.changes().getLast().position();
                }
                case SessionStore.Feed.Changes none -> {
                    return false;
                }
                case SessionStore.Feed.Lost lost -> {
                    return false;
                }
            }
        }
        return true;
    }

    private void read(MessageId reply) {
        running.computeIfAbsent(reply, id -> new RunningReply(session, id));
        tails.computeIfAbsent(reply, id -> new ReplyTail(
                ports.streams(), id, read -> inOrder(() -> showAll(id, read)))
                .begin());
    }

    private Boolean showAll(MessageId id, StreamLog.Read read) {
        RunningReply reply = running.get(id);
        if (reply == null) {
            return false;
        }
        switch (read) {
            case StreamLog.Read.Nothing nothing -> {}
            case StreamLog.Read.Gone gone -> {
                reply.reset();
                followers.forEach(follower -> follower.forget(id));
            }
            case StreamLog.Read.Grown grown -> {
                Event.ReplyGrew news = reply.grow(grown);
                for (Follower follower : followers) {
                    if (follower.attached()) {
                        follower.show(reply, news);
                    }
                }
                if (grown.ended()) {
                    pull();
                }
            }
        }
        return true;
    }

    private void forget(MessageId reply) {
        running.remove(reply);
        ReplyTail tail = tails.remove(reply);
        if (tail != null) {
            tail.close();
        }
    }

    private void typed(Hint.Typing typed) {
        Registration before = typing.remove(typed.id());
        if (before != null) {
            before.close();
        }
        if (typed.active()) {
            typing.put(typed.id(), ports.timers().after(typingLife, () -> serial.run(() -> typed(over(typed)))));
        }
        if (typed.active() != (before != null)) {
            tellAll(new Event.TypingChanged(session, typed.id(), typed.name(), typed.agent(), typed.active()));
        }
    }

    private static Hint.Typing over(Hint.Typing typed) {
        return new Hint.Typing(typed.session(), typed.id(), typed.name(), typed.agent(), false);
    }

    private void tellAll(Event event) {
        for (Follower follower : followers) {
            if (follower.attached()) {
                follower.tell(event);
            }
        }
    }

    private void lose(UserId user) {
        for (Follower follower : new HashSet<>(followers)) {
            Principal who = follower.principal();
            if (who.user().equals(user) && !who.admin()) {
                lose(follower, Event.Loss.REMOVED);
            }
        }
    }

    private void loseAll(Event.Loss why) {
        for (Follower follower : new HashSet<>(followers)) {
            lose(follower, why);
        }
    }

    private void lose(Follower follower, Event.Loss why) {
        follower.detach();
        followers.remove(follower);
        follower.tell(new Event.SessionLost(session, why));
    }
}
