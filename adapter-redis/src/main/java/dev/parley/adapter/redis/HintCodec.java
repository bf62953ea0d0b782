package dev.parley.adapter.redis;

import dev.parley.domain.access.UserId;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.live.Hint;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.topic.TopicId;
import java.util.Optional;

/**
 * How hints travel: who published, the kind, its parts. Kinds and parts are only ever added, so that nodes of neighbouring versions
 * understand each other; what a node does not know it passes over.
 */
final class HintCodec {

    private static final int FEED_GREW = 1;
    private static final int TYPING = 2;
    private static final int PRESENCE_CHANGED = 3;
    private static final int QUEUE_MOVED = 4;
    private static final int STOP_REQUESTED = 5;
    private static final int TOPIC_GREW = 6;
    private static final int AUDIENCE_CHANGED = 7;
    private static final int SUBSCRIPTIONS_CHANGED = 8;
    private static final int TOKEN_REVOKED = 9;
    private static final int USER_REVOKED = 10;
    private static final int ANNOUNCED = 11;
    private static final int HINTS_LOST = 12;
    private static final int CONNECTION_DISMISSED = 13;

    /** A hint from somewhere, and how its publisher numbers it if it must be told once. */
    record Heard(String publisher, Hint hint, Optional<Long> once) {}

    private HintCodec() {}

    /** @param number that no other of this publisher has; travels with what must be told once */
    static byte[] written(String publisher, Hint hint, long number) {
        Packing out = new Packing().text(publisher);
        switch (hint) {
            case Hint.FeedGrew h -> out.number(FEED_GREW).text(h.session().value()).number(h.position());
            case Hint.Typing h -> out.number(TYPING)
                    .text(h.session().value())
                    .text(h.id())
                    .text(h.name())
                    .flag(h.agent())
                    .flag(h.active());
            case Hint.PresenceChanged h -> out.number(PRESENCE_CHANGED)
                    .text(h.session().value())
                    .text(h.user().value())
                    .text(h.name())
                    .flag(h.online());
            case Hint.QueueMoved h -> out.number(QUEUE_MOVED)
                    .text(h.session().value())
                    .text(h.reply().value())
                    .text(h.question().value())
                    .number(h.place());
            case Hint.StopRequested h -> out.number(STOP_REQUESTED).text(h.reply().value());
            case Hint.TopicGrew h -> out.number(TOPIC_GREW).text(h.topic().value()).number(h.position());
            case Hint.AudienceChanged h -> out.number(AUDIENCE_CHANGED).text(h.topic().value());
            case Hint.SubscriptionsChanged h -> out.number(SUBSCRIPTIONS_CHANGED).text(h.session().value());
            case Hint.TokenRevoked h -> out.number(TOKEN_REVOKED).text(h.tokenId());
            case Hint.UserRevoked h -> out.number(USER_REVOKED)
                    .text(h.user().value())
                    .instant(h.until());
            case Hint.Announced h -> out.number(ANNOUNCED).text(h.message()).text(h.level().name()).number(number);
            case Hint.HintsLost h -> out.number(HINTS_LOST);
            case Hint.ConnectionDismissed h -> out.number(CONNECTION_DISMISSED).text(h.connection().value());
        }
        return out.bytes();
    }

    /** Empty for a kind that this version does not know. @throws IllegalArgumentException for what is no hint at all */
    static Optional<Heard> read(byte[] message) {
        Unpacking in = new Unpacking(message);
        String publisher = in.text();
        return hint((int) in.number(), in)
                .map(hint -> new Heard(publisher, hint,
                        hint instanceof Hint.Announced && in.more() ? Optional.of(in.number()) : Optional.empty()));
    }

    private static Optional<Hint> hint(int kind, Unpacking in) {
        return switch (kind) {
            case FEED_GREW -> Optional.of(new Hint.FeedGrew(session(in), in.number()));
            case TYPING -> Optional.of(new Hint.Typing(session(in), in.text(), in.text(), in.flag(), in.flag()));
            case PRESENCE_CHANGED -> Optional.of(
                    new Hint.PresenceChanged(session(in), new UserId(in.text()), in.text(), in.flag()));
            case QUEUE_MOVED -> Optional.of(
                    new Hint.QueueMoved(session(in), reply(in), reply(in), Math.toIntExact(in.number())));
            case STOP_REQUESTED -> Optional.of(new Hint.StopRequested(reply(in)));
            case TOPIC_GREW -> Optional.of(new Hint.TopicGrew(new TopicId(in.text()), in.number()));
            case AUDIENCE_CHANGED -> Optional.of(new Hint.AudienceChanged(new TopicId(in.text())));
            case SUBSCRIPTIONS_CHANGED -> Optional.of(new Hint.SubscriptionsChanged(session(in)));
            case TOKEN_REVOKED -> Optional.of(new Hint.TokenRevoked(in.text()));
            case USER_REVOKED -> Optional.of(
                    new Hint.UserRevoked(new UserId(in.text()), in.instant()));
            case ANNOUNCED -> Optional.of(new Hint.Announced(in.text(), Hint.Level.valueOf(in.text())));
            case HINTS_LOST -> Optional.of(new Hint.HintsLost());
            case CONNECTION_DISMISSED -> Optional.of(new Hint.ConnectionDismissed(new ConnectionId(in.text())));
            default -> Optional.empty();
        };
    }

    private static SessionId session(Unpacking in) {
        return new SessionId(in.text());
    }

    private static MessageId reply(Unpacking in) {
        return new MessageId(in.text());
    }
}
