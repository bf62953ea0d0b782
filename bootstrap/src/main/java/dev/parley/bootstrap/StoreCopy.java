package dev.parley.bootstrap;

import dev.parley.domain.PageRequest;
import dev.parley.domain.access.AuditTrail;
import dev.parley.domain.access.Revocations;
import dev.parley.domain.access.UserId;
import dev.parley.domain.error.CorruptDataException;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.topic.Subscription;
import dev.parley.domain.topic.TopicId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Brings everything durable from one store into another while nobody uses either: sessions change by change, so that their positions,
 * and with them the cursors of clients, stay what they are. What is there already is not brought again, so a copy that broke off at
 * any moment goes on; in the end both are read again and compared.
 */
final class StoreCopy {

    private static final int AT_ONCE = 100;

    private final Replacements.Durable from;
    private final Replacements.Durable to;
    private final Instant now;
    private final Consumer<String> progress;
    private final Runnable alone;

    /**
     * @param now subscriptions that ended before are gone
     * @param progress told what is done, a line each time
     * @param alone asked again and again; fails once somebody else uses one of the stores
     */
    StoreCopy(
            Replacements.Durable from, Replacements.Durable to, Instant now, Consumer<String> progress, Runnable alone) {
        this.from = from;
        this.to = to;
        this.now = now;
        this.progress = progress;
        this.alone = alone;
    }

    /**
     * @throws CorruptDataException when the other store holds something else under the same names
     * @throws StartException when there is nothing to copy, or somebody else uses one of the stores
     * @throws dev.parley.domain.error.UnavailableException when a store is away
     */
    StoreTools.Copied run() {
        SessionCopy copy = new SessionCopy(from, to);
        List<Session> sessions = sessions();
        sessions.forEach(copy::check);
        FileCopy files = new FileCopy(from, to);
        files.bring();
        progress.accept("Files: " + files.files() + ", " + files.uploads() + " on their way");
        Map<TopicId, NavigableMap<Long, Set<SessionId>>> subscriptions = subscriptions(sessions);
        List<TopicId> topics = topics();
        // Nothing was ever published to some that sessions wait for.
        Set<TopicId> known = new TreeSet<>(topics);
        known.addAll(subscriptions.keySet());
        TopicCopy topicCopy = new TopicCopy(from.topics(), to.topics(), now);
        for (TopicId topic : known) {
            alone.run();
            topicCopy.bring(topic, subscriptions.getOrDefault(topic, new TreeMap<>()));
        }
        progress.accept("Topics: " + topics.size());
        long revocations = revocations();
        long audited = audit();
        if (sessions.isEmpty() && files.files() == 0 && topics.isEmpty() && revocations == 0 && audited == 0) {
            throw new StartException(
                    StartException.Reason.DATABASE, "Expected something to copy, found an empty store: is it the right one?");
        }
        long changes = 0;
        for (Session session : sessions) {
            alone.run();
            copy.bring(session);
            changes += session.position();
        }
        if (copy.forget()) {
            progress.accept("Old changes are forgotten there as they are here: clients with older cursors load anew");
        }
        progress.accept("Sessions: " + sessions.size() + ", changes: " + changes);
        SessionComparison comparison = new SessionComparison(from, to);
        for (Session session : sessions) {
            alone.run();
            comparison.compare(session);
        }
        new StoreComparison(from, to, now).compare(sessions, topics);
        alone.run();
        return new StoreTools.Copied(
                sessions.size(), changes, comparison.messages(), files.files(), files.uploads(), files.piecesLeft(),
                topics.size(), revocations, audited, comparison.checksum());
    }

    private List<Session> sessions() {
        List<Session> all = new ArrayList<>();
        List<Session> part = from.sessions().all(new PageRequest(0, PageRequest.MAX_LIMIT)).items();
        while (!part.isEmpty()) {
            all.addAll(part);
            part = from.sessions().all(new PageRequest(all.size(), PageRequest.MAX_LIMIT)).items();
        }
        return all;
    }

    /** Which sessions are subscribed to a topic, by the position after which they are told. */
    private Map<TopicId, NavigableMap<Long, Set<SessionId>>> subscriptions(List<Session> sessions) {
        Map<TopicId, NavigableMap<Long, Set<SessionId>>> all = new HashMap<>();
        for (Session session : sessions) {
            for (Subscription subscription : from.topics().subscriptions(session.id(), now)) {
                all.computeIfAbsent(subscription.topic(), topic -> new TreeMap<>())
                        .computeIfAbsent(subscription.since(), since -> new TreeSet<>())
                        .add(session.id());
            }
        }
        return all;
    }

    private List<TopicId> topics() {
        List<TopicId> all = new ArrayList<>();
        List<TopicId> part = from.topics().topics(Optional.empty(), AT_ONCE);
        while (!part.isEmpty()) {
            all.addAll(part);
            part = from.topics().topics(Optional.of(part.getLast()), AT_ONCE);
        }
        return all;
    }

    private long revocations() {
        long count = 0;
        List<Revocations.Token> tokens = from.revocations().tokens(Optional.empty(), AT_ONCE);
        while (!tokens.isEmpty()) {
            tokens.forEach(token -> to.revocations().revokeToken(token.id(), token.at()));
            count += tokens.size();
            tokens = from.revocations().tokens(Optional.of(tokens.getLast().id()), AT_ONCE);
        }
        List<Revocations.User> users = from.revocations().users(Optional.empty(), AT_ONCE);
        while (!users.isEmpty()) {
            users.forEach(user -> to.revocations().revokeUser(user.user(), user.until()));
            count += users.size();
            users = from.revocations().users(Optional.of(users.getLast().user()), AT_ONCE);
        }
        return count;
    }

    /** The oldest first; those that are there already were brought before. */
    private long audit() {
        List<AuditTrail.Entry> all = from.audit().newest(Integer.MAX_VALUE).reversed();
        StoreComparison.without(all, to.audit().newest(Integer.MAX_VALUE)).forEach(to.audit()::record);
        return all.size();
    }

    /** Whose it is where the store does not say. */
    static UserId nobody() {
        return new UserId("copy");
    }
}
