package dev.parley.domain.topic;

import dev.parley.domain.Port;
import dev.parley.domain.access.UserId;
import dev.parley.domain.session.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What was published to topics, who may be told of it, and which sessions are. A topic is there without being made: nothing was
 * published to it, and everybody may be told.
 *
 * <p>Whoever has seen an entry has seen every entry before it or is told that some are forgotten. Everything is durable on return;
 * reads that begin after a write returned see it. Safe for use by many threads; may block, and fails with
 * {@link dev.parley.domain.error.UnavailableException} when the store is away or full.
 */
@Port
public interface TopicLog {

    /** So many of a topic's newest entries are kept, however old. */
    int KEPT_ENTRIES = 1000;

    /** Entries younger than this, compared with the newest, are kept, however many. */
    Duration KEPT_FOR = Duration.ofDays(7);

    /**
     * Publishes something at the topic's next position. Entries that are neither among the newest {@link #KEPT_ENTRIES} nor younger
     * than {@link #KEPT_FOR} are forgotten along the way, oldest first.
     */
    TopicEntry append(TopicId topic, Instant at, Publication publication);

    /**
     * What was published after {@code position}, in order, at most {@code limit} entries.
     *
     * @param position 0 for the beginning
     */
    Stretch after(TopicId topic, long position, int limit);

    /** What {@link #after} finds. */
    sealed interface Stretch {

        /** What follows, without a gap; empty when there is nothing newer. */
        record Entries(List<TopicEntry> entries) implements Stretch {
            public Entries {
                entries = List.copyOf(entries);
            }
        }

        /** No complete answer can be given: what follows is forgotten, or the position is beyond the newest. */
        record Lost() implements Stretch {}
    }

    /** The position of the newest entry, 0 before the first. */
    long newest(TopicId topic);

    Audience audience(TopicId topic);

    /** Changes who may be told; those whom both know stay as they are, those who are new are let in after the newest entry. */
    void setAudience(TopicId topic, Audience audience);

    /**
     * After which position a user may be told: what was the newest when they were let in, 0 when they never were left out. What
     * was published to others alone is nobody else's, however late they come. The newest for who may not be told at all.
     */
    long admittedAt(TopicId topic, UserId user);

    /**
     * Subscribes a session; one that is subscribed already stays so, with what it is owed, at least until {@code until}.
     *
     * @param now subscriptions that ended before are gone
     * @param until when it ends unless it is kept
     * @return empty, and nothing changed, when the session has {@link Subscription#MAX_PER_SESSION} others
     */
    Optional<Subscription> subscribe(SessionId session, TopicId topic, Instant now, Instant until);

    /** Ends a subscription; false when there was none. */
    boolean unsubscribe(SessionId session, TopicId topic);

    /** The subscriptions of a session that have not ended at {@code now}, by topic. */
    List<Subscription> subscriptions(SessionId session, Instant now);

    /** Lets the subscriptions that have not ended at {@code now} go on until {@code until} at least. */
    void keep(SessionId session, Instant now, Instant until);

    /**
     * The topics that something was published to or that were given an audience, in the order of their ids, at most {@code limit}.
     *
     * @param after the last that the caller knows
     */
    List<TopicId> topics(Optional<TopicId> after, int limit);

    /** Removes what belongs to a session that is removed: its own topic and its subscriptions. */
    void forget(SessionId session);
}
