package dev.parley.application.handle;

import dev.parley.application.Ports;
import dev.parley.application.command.Command;
import dev.parley.application.command.Nothing;
import dev.parley.application.command.Outcome;
import dev.parley.application.guard.Access;
import dev.parley.domain.access.Right;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.live.Hint;
import dev.parley.domain.live.Topic;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.topic.Publication;
import dev.parley.domain.topic.Subscription;
import dev.parley.domain.topic.TopicEntry;
import dev.parley.domain.topic.TopicId;
import java.time.Instant;
import java.util.Optional;

/** What systems publish, who may be told of it, and which sessions are. */
final class Publishing {

    private final Ports ports;
    private final Access access;

    Publishing(Ports ports, Access access) {
        this.ports = ports;
        this.access = access;
    }

    Outcome<Subscription> subscribe(Call call, Command.Subscribe command) {
        return access.open(call.caller(), command.session(), Right.SEND)
                .then(session -> named(command.topic()))
                .then(topic -> access.topic(call.caller(), topic))
                .then(topic -> {
                    Instant now = ports.clock().instant();
                    Optional<Subscription> subscription = ports.topics()
                            .subscribe(command.session(), topic, now, now.plus(Subscription.OUTLIVES_CONNECTIONS));
                    changed(command.session());
                    return subscription.map(Outcome::done)
                            .orElseGet(() -> Outcome.refused(
                                    ErrorCode.QUOTA_EXCEEDED,
                                    "Expected at most " + Subscription.MAX_PER_SESSION + " topics for one session"));
                });
    }

    Outcome<Nothing> unsubscribe(Call call, Command.Unsubscribe command) {
        return access.open(call.caller(), command.session(), Right.SEND).then(session -> {
            if (ports.topics().unsubscribe(command.session(), command.topic())) {
                changed(command.session());
            }
            return Outcome.done(Nothing.NOTHING);
        });
    }

    Outcome<TopicEntry> publish(Call call, Command.Publish command) {
        return access.server(call.caller(), Right.PUBLISH)
                .then(who -> reachable(command))
                .then(topic -> {
                    if (call.principal().admin() && !call.principal().service()) {
                        access.audit(call.principal(), "publish", topic.value());
                    }
                    TopicEntry entry =
                            ports.topics().append(topic, ports.clock().instant(), command.publication());
                    ports.bus()
                            .publish(
                                    new Topic.OfPublications(topic),
                                    new Hint.TopicGrew(topic, entry.position()));
                    // A session that was purged meanwhile takes this with it.
                    topic.session()
                            .filter(session -> ports.sessions().find(session).isEmpty())
                            .ifPresent(ports.topics()::forget);
                    return Outcome.done(entry);
                });
    }

    Outcome<Nothing> setAudience(Call call, Command.SetAudience command) {
        return access.server(call.caller(), Right.PUBLISH)
                .then(who -> named(command.topic()))
                .then(topic -> {
                    if (call.principal().admin()) {
                        access.audit(call.principal(), "set_audience", topic.value());
                    }
                    ports.topics().setAudience(topic, command.audience());
                    ports.bus().publish(new Topic.OfPublications(topic), new Hint.AudienceChanged(topic));
                    return Outcome.done(Nothing.NOTHING);
                });
    }

    private void changed(SessionId session) {
        ports.bus().publish(new Topic.OfSession(session), new Hint.SubscriptionsChanged(session));
    }

    /** Sessions have their own topics to themselves. */
    private static Outcome<TopicId> named(TopicId topic) {
        return topic.session().isEmpty()
                ? Outcome.done(topic)
                : Outcome.refused(ErrorCode.BAD_REQUEST, "Expected a topic that people name, found a session's own");
    }

    private Outcome<TopicId> reachable(Command.Publish command) {
        TopicId topic = command.topic();
        if (topic.session().isEmpty()) {
            return Outcome.done(topic);
        }
        if (!(command.publication() instanceof Publication.Notification)) {
            return Outcome.refused(ErrorCode.BAD_REQUEST, "Expected a notification for a session, found another publication");
        }
        SessionId id = topic.session().get();
        Optional<Session> session = ports.sessions().find(id);
        if (session.isEmpty()) {
            return Access.noSession(id);
        }
        return session.get().closed() ? Access.gone(id) : Outcome.done(topic);
    }
}
