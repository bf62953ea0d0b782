package dev.parley.application.hub;

import dev.parley.application.Link;
import dev.parley.application.Ports;
import dev.parley.application.event.Event;
import dev.parley.domain.Registration;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ChatException;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.live.Hint;
import dev.parley.domain.live.Topic;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.reply.StreamLog;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.SessionStore;
import dev.parley.domain.store.SessionTransaction;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * Everybody on this node who follows one session.
 *
 * <p>It reads the session's feed and its running replies once for all of them, each from its own position, and tells each what
 * it has not been told. Hints only make it look; it also looks from time to time without one. Everything here runs in one
 * {@link Serial}, so all followers see one order; only what one missed who comes back is read on that one's own thread.
 */
final class SessionHub implements Shared.Listening {

    private static final System.Logger LOG = System.getLogger(SessionHub.class.getName());

    private static final int BATCH = 200;
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final int RETRIES = 10;
    private static final long NOT_BEGUN = -1;

    private final SessionId session;
    private final Ports ports;
    private final int maxMissed;
    private final Serial serial;
    private final Feed feed;
    private volatile Registration hints = () -> {};

    // used in serial alone
    private final Followers followers = new Followers();
    // Made when something is to be put there: most sessions are quiet most of the time.
    private Map<MessageId, RunningReply> running = Map.of();
    private Map<MessageId, ReplyTail> tails = Map.of();
    private final TypingBoard typing;
    private long position = NOT_BEGUN;
    private int failures;
    private Optional<Registration> retry = Optional.empty();
    private boolean closed;

    SessionHub(SessionId session, Ports ports, int maxMissed, Duration typingLife) {
        this.session = session;
        this.ports = ports;
        this.maxMissed = maxMissed;
        this.serial = new Serial("hub-", session);
        this.typing = new TypingBoard(session, ports.timers(), typingLife, serial, this::tellAll);
        this.feed = new Feed(session, ports.sessions());
    }

    @Override
    public void listen() {
        hints = ports.bus().subscribe(new Topic.OfSession(session), this::heard);
    }

    /** Tells {@code follower}, who is not attached yet, what happened since its position; false when not all of it can be had. */
    boolean tellMissed(Follower follower) {
        long since = follower.position();
        Optional<Session> now = ports.sessions().find(session);
        if (now.isEmpty() || since < 0 || since > now.get().position() || now.get().position() - since > maxMissed) {
            return false;
        }
        return feed.each(since, now.get().position(), follower::tell);
    }

    /**
     * Begins to tell {@code follower} what is live, after the little that it may have missed since {@link #tellMissed}; completes
     * with the position at which it began, or empty when there is no such session.
     *
     * @param recovered whether it was told everything so far
     */
    CompletableFuture<Optional<Long>> join(Follower follower, Link.From from, boolean recovered) {
        return serial.answer(() -> {
            if (position == NOT_BEGUN && !begin()) {
                return Optional.empty();
            }
            if (!pull()) {
                throw new UnavailableException("Expected to read the feed of session " + session);
            }
            if (position == NOT_BEGUN || follower.gone()) {
                return Optional.empty();
            }
            boolean whole = !(from instanceof Link.From.Position)
                    || recovered && feed.each(follower.position(), position, follower::tell);
            follower.attach(position);
            followers.add(follower);
            for (RunningReply reply : running.values()) {
                if (reply.begun()) {
                    follower.show(reply, reply.from(reply.length()));
                }
                reply.place().ifPresent(follower::tell);
            }
            typing.show(follower);
            if (from instanceof Link.From.Position) {
                follower.tell(new Event.CaughtUp(session, whole, position));
            }
            return Optional.of(position);
        });
    }

    /** Tells {@code follower} once more what lies between {@code from} and where it began; completes with the newest position. */
    CompletableFuture<Long> replay(Follower follower, Link.From.Position from) {
        return serial.answer(() -> {
            follower.know(from.shown());
            long until = follower.began();
            long missed = until - from.position();
            boolean recovered = from.position() >= 0
                    && missed >= 0
                    && missed <= maxMissed
                    && feed.each(from.position(), until, follower::repeat);
            follower.tell(new Event.CaughtUp(session, recovered, position));
            return position;
        });
    }

    /** Stops telling {@code follower}. */
    void leave(Follower follower) {
        follower.leave();
        serial.run(() -> followers.remove(List.of(follower)));
    }

    /** Looks whether something was missed, as if there had been a hint. */
    void look() {
        serial.run(this::pull);
    }

    /** Tells everybody here that the session is gone with everything in it. */
    void purged() {
        serial.run(this::beginAnewWithNobody);
    }

    @Override
    public void close() {
        hints.close();
        serial.run(() -> {
            closed = true;
            reset();
        });
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
            case Hint.Typing typed -> serial.run(() -> {
                if (!closed) {
                    typing.heard(typed);
                }
            });
            case Hint.PresenceChanged changed -> serial.run(() -> tellAll(
                    new Event.PresenceChanged(session, changed.user(), changed.name(), changed.online())));
            case Hint.QueueMoved moved -> serial.run(() -> moved(moved));
            case Hint.HintsLost lost -> look();
            case Hint.StopRequested h -> {}
            case Hint.TopicGrew h -> {}
            case Hint.AudienceChanged h -> {}
            case Hint.SubscriptionsChanged h -> {}
            case Hint.TokenRevoked h -> {}
            case Hint.UserRevoked h -> {}
            case Hint.ConnectionDismissed h -> {}
            case Hint.Announced h -> {}
        }
    }

    /** A place that is heard of only after the reply has begun or ended says nothing any more. */
    private void moved(Hint.QueueMoved moved) {
        if (!running.containsKey(moved.reply())) {
            pull();
        }
        RunningReply reply = running.get(moved.reply());
        if (reply != null && !reply.begun()) {
            Event.ReplyQueued queued = new Event.ReplyQueued(session, moved.reply(), moved.question(), moved.place());
            reply.waitsAt(queued);
            tellAll(queued);
        }
    }

    /** Reads on in the feed; false when it cannot be read just now. */
    private boolean pull() {
        if (closed || position == NOT_BEGUN) {
            return true;
        }
        try {
            boolean more = true;
            while (more) {
                more = switch (ports.sessions().changesAfter(session, position, BATCH)) {
                    case SessionStore.Feed.Changes(List<Change> changes) -> {
                        changes.forEach(this::apply);
                        yield changes.size() == BATCH;
                    }
                    case SessionStore.Feed.Lost lost -> {
                        lostTrack();
                        yield false;
                    }
                };
            }
            failures = 0;
            return true;
        } catch (ChatException away) {
            LOG.log(System.Logger.Level.WARNING, "session=" + session + " cannot be read", away);
            if (retry.isEmpty()) {
                retry = Optional.of(ports.timers().after(RETRY, () -> serial.run(this::retry)));
            }
            return false;
        }
    }

    private void retry() {
        retry = Optional.empty();
        failures++;
        if (!pull() && failures == RETRIES) {
            tellAll(new Event.Disconnecting(Event.Cause.STORE_LOST, Optional.empty()));
        }
    }

    /** The feed cannot be read on from here: the session is gone, or it forgot what was not read in time. */
    private void lostTrack() {
        Optional<Session> now = ports.sessions().find(session);
        if (now.isEmpty() || now.get().position() < position) {
            beginAnewWithNobody();
            return;
        }
        reset();
        begin();
        tellAll(new Event.CaughtUp(session, false, position));
    }

    private void beginAnewWithNobody() {
        loseAll(Event.Loss.DELETED);
        reset();
    }

    private void reset() {
        position = NOT_BEGUN;
        tails.values().forEach(ReplyTail::close);
        running = Map.of();
        tails = Map.of();
        typing.close();
        retry.ifPresent(Registration::close);
        retry = Optional.empty();
    }

    private void apply(Change change) {
        position = change.position();
        if (change.body() instanceof Change.ReplyEnded ended) {
            showWhole(ended.message());
        }
        Event.Happened happened = new Event.Happened(change);
        followers.each(follower -> follower.tell(happened));
        switch (change.body()) {
            case Change.ReplyStarted started when started.message().running() -> read(started.message().id());
            case Change.ReplyEnded ended -> forget(ended.message().id());
            case Change.MessageAdded added when added.message().author() instanceof Author.Person person -> typing.sent(
                    person.user());
            case Change.MemberLeft left -> lose(left.user());
            case Change.SessionClosed end -> loseAll(Event.Loss.CLOSED);
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
            case Change.AttachmentAdded b -> {}
            case Change.AttachmentRemoved b -> {}
            case Change.AttachmentsChanged b -> {}
        }
    }

    /** The end is often read before the log's last pieces: so what they hold is told here, to all at once. */
    private void showWhole(Message ended) {
        RunningReply reply = running.get(ended.id());
        if (reply != null) {
            reply.complete(ended).ifPresent(news -> followers.each(follower -> follower.show(reply, news)));
        }
    }

    private void read(MessageId reply) {
        if (running.isEmpty()) {
            running = new LinkedHashMap<>(4);
            tails = new HashMap<>(4);
        }
        running.computeIfAbsent(reply, id -> new RunningReply(session, id));
        tails.computeIfAbsent(reply, id -> new ReplyTail(
                ports.streams(), id, ports.timers(), read -> serial.answerHere(() -> showAll(id, read)))
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
                followers.each(follower -> follower.forget(id));
            }
            case StreamLog.Read.Grown grown -> {
                Event.ReplyGrew news = reply.grow(grown);
                followers.each(follower -> follower.show(reply, news));
                if (grown.ended()) {
                    pull();
                }
            }
        }
        return true;
    }

    private void forget(MessageId reply) {
        if (running.isEmpty()) {
            return;
        }
        running.remove(reply);
        ReplyTail tail = tails.remove(reply);
        if (tail != null) {
            tail.close();
        }
        if (running.isEmpty()) {
            running = Map.of();
            tails = Map.of();
        }
    }

    private void tellAll(Event event) {
        followers.each(follower -> follower.tell(event));
    }

    private void lose(UserId user) {
        lose(Event.Loss.REMOVED, follower -> {
            Principal who = follower.principal();
            return who.user().equals(user) && !who.admin();
        });
    }

    private void loseAll(Event.Loss why) {
        lose(why, follower -> true);
    }

    private void lose(Event.Loss why, Predicate<Follower> whose) {
        List<Follower> lost = followers.those(whose);
        followers.remove(lost);
        Event.SessionLost loss = new Event.SessionLost(session, why);
        lost.forEach(follower -> follower.lose(loss));
    }
}
