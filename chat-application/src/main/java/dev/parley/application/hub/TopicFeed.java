package dev.parley.application.hub;

import dev.parley.application.Ports;
import dev.parley.application.event.Event;
import dev.parley.domain.Registration;
import dev.parley.domain.error.ChatException;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.live.Hint;
import dev.parley.domain.live.Topic;
import dev.parley.domain.session.AccessRules;
import dev.parley.domain.topic.Audience;
import dev.parley.domain.topic.TopicEntry;
import dev.parley.domain.topic.TopicId;
import dev.parley.domain.topic.TopicLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Everybody on this node who is told what is published to one topic. It reads the topic once for all of them, in one
 * {@link Serial}; hints only make it look, and it looks from time to time without one. Before anything is told it is asked who
 * belongs to the audience, so that nobody hears what was published after they were taken out.
 */
final class TopicFeed implements Shared.Listening {

    private static final System.Logger LOG = System.getLogger(TopicFeed.class.getName());

    private static final int BATCH = 100;
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final int RETRIES = 10;
    private static final long NOT_BEGUN = -1;

    private final TopicId topic;
    private final Ports ports;
    private final AccessRules rules;
    private final int maxMissed;
    private final Serial serial;
    private volatile Registration hints = () -> {};

    // used in serial alone
    private final Set<TopicFollower> followers = new LinkedHashSet<>();
    private long position = NOT_BEGUN;
    private int failures;
    private Optional<Registration> retry = Optional.empty();
    private boolean closed;

    /**
     * How a follower began.
     *
     * @param position behind which entry
     * @param whole whether it was told everything that it asked for
     */
    record Joined(long position, boolean whole) {}

    TopicFeed(TopicId topic, Ports ports, AccessRules rules, int maxMissed) {
        this.topic = topic;
        this.ports = ports;
        this.rules = rules;
        this.maxMissed = maxMissed;
        this.serial = new Serial("topic-", topic);
    }

    @Override
    public void listen() {
        hints = ports.bus().subscribe(new Topic.OfPublications(topic), this::heard);
    }

    /** Tells {@code follower}, who is not attached yet, what was published since its position; false when not all can be had. */
    boolean tellMissed(TopicFollower follower) {
        return !follower.looksBack() || tell(follower, ports.topics().newest(topic));
    }

    /**
     * Begins to tell {@code follower} what is live, after the little that it may have missed since {@link #tellMissed}.
     *
     * @param begun where it began to look back
     * @param recovered whether it was told everything so far
     */
    CompletableFuture<Joined> join(TopicFollower follower, long begun, boolean recovered) {
        return serial.answer(() -> {
            if (position == NOT_BEGUN) {
                position = ports.topics().newest(topic);
            } else if (!pull()) {
                throw new UnavailableException("Expected to read topic " + topic);
            }
            boolean whole = !follower.looksBack() || recovered && tell(follower, position);
            follower.attach(position);
            followers.add(follower);
            // Somebody may have been taken out since the audience was looked at.
            admit();
            return new Joined(follower.looksBack() && whole ? begun : position, whole);
        });
    }

    void leave(TopicFollower follower) {
        follower.leave();
        serial.run(() -> followers.remove(follower));
    }

    /** Looks whether something was missed, as if there had been hints. */
    void look() {
        serial.run(() -> {
            pull();
            check();
        });
    }

    @Override
    public void close() {
        hints.close();
        serial.run(() -> {
            closed = true;
            retry.ifPresent(Registration::close);
        });
    }

    private void heard(Hint hint) {
        switch (hint) {
            case Hint.TopicGrew grew -> serial.run(() -> {
                if (grew.position() > position) {
                    pull();
                }
            });
            case Hint.AudienceChanged changed -> serial.run(this::check);
            case Hint.HintsLost lost -> look();
            case Hint.FeedGrew h -> {}
            case Hint.Typing h -> {}
            case Hint.PresenceChanged h -> {}
            case Hint.QueueMoved h -> {}
            case Hint.StopRequested h -> {}
            case Hint.SubscriptionsChanged h -> {}
            case Hint.TokenRevoked h -> {}
            case Hint.UserRevoked h -> {}
            case Hint.ConnectionDismissed h -> {}
            case Hint.Announced h -> {}
        }
    }

    private boolean tell(TopicFollower follower, long until) {
        if (follower.position() < 0 || follower.position() > until || until - follower.position() > maxMissed) {
            return false;
        }
        while (follower.position() < until) {
            int wanted = (int) Math.min(BATCH, until - follower.position());
            List<TopicEntry> entries = switch (ports.topics().after(topic, follower.position(), wanted)) {
                case TopicLog.Stretch.Entries some -> some.entries();
                case TopicLog.Stretch.Lost lost -> List.of();
            };
            if (entries.isEmpty()) {
                return false;
            }
            entries.forEach(entry -> follower.tell(new Event.Published(entry)));
        }
        return true;
    }

    /** Reads on; false when the topic cannot be read just now. */
    private boolean pull() {
        if (closed || position == NOT_BEGUN) {
            return true;
        }
        try {
            boolean more = true;
            while (more) {
                more = switch (ports.topics().after(topic, position, BATCH)) {
                    case TopicLog.Stretch.Entries(List<TopicEntry> entries) -> {
                        tellAll(entries);
                        yield entries.size() == BATCH;
                    }
                    case TopicLog.Stretch.Lost lost -> {
                        beginAnew();
                        yield false;
                    }
                };
            }
            failures = 0;
            return true;
        } catch (ChatException away) {
            retryAfter(away);
            return false;
        }
    }

    private void tellAll(List<TopicEntry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        admit();
        for (TopicEntry entry : entries) {
            Event.Published published = new Event.Published(entry);
            followers.forEach(follower -> follower.tell(published));
        }
        position = entries.getLast().position();
    }

    /** What comes next was forgotten before it was read here, or the topic itself was. */
    private void beginAnew() {
        position = ports.topics().newest(topic);
        Event missed = new Event.TopicsCaughtUp(false);
        for (TopicFollower follower : followers) {
            follower.attach(position);
            follower.tell(missed);
        }
    }

    private void retryAfter(ChatException away) {
        LOG.log(System.Logger.Level.WARNING, "topic=" + topic + " cannot be read", away);
        if (retry.isEmpty()) {
            retry = Optional.of(ports.timers().after(RETRY, () -> serial.run(this::retry)));
        }
    }

    private void retry() {
        retry = Optional.empty();
        failures++;
        if (pull()) {
            check();
        } else if (failures == RETRIES) {
            Event lost = new Event.Disconnecting(Event.Cause.STORE_LOST, Optional.empty());
            followers.forEach(follower -> follower.tell(lost));
        }
    }

    private void check() {
        try {
            admit();
        } catch (ChatException away) {
            retryAfter(away);
        }
    }

    /** Takes the topic from those who do not belong to its audience. Whoever follows a session may hear what is for it. */
    private void admit() {
        if (topic.session().isPresent() || followers.isEmpty()) {
            return;
        }
        Audience audience = ports.topics().audience(topic);
        List<TopicFollower> lost = new ArrayList<>();
        for (TopicFollower follower : followers) {
            if (!rules.verdict(follower.principal(), audience).allowed()) {
                lost.add(follower);
            }
        }
        lost.forEach(followers::remove);
        lost.forEach(TopicFollower::lose);
    }
}
