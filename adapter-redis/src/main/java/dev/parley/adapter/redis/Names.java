package dev.parley.adapter.redis;

import dev.parley.domain.limit.LimitKey;
import dev.parley.domain.live.Topic;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.SessionId;
import java.nio.charset.StandardCharsets;

/**
 * The names of keys and channels. In a cluster what stands in braces decides where a key lies: keys that one script needs have the
 * same braces, everything of one session's presence lies together, and so do both halves of a reply's log.
 */
final class Names {

    /** Sessions are spread over so many parts, each of which is swept as one. */
    static final int PARTITIONS = 16;

    private final String prefix;
    private final String channels;

    /** @param database its number: keys are apart by themselves in each, and channels, which Redis has but once, by their names */
    Names(String prefix, int database) {
        this.prefix = prefix;
        this.channels = database == 0 ? prefix : prefix + database + "/";
    }

    byte[] limit(LimitKey key) {
        return bytes("{limits}:" + key.bucket().length() + ":" + key.bucket() + ":" + key.holder());
    }

    /** Written by those who look how Redis is. */
    byte[] health() {
        return bytes("health");
    }

    byte[] lease(String name) {
        return bytes("lease:" + name);
    }

    byte[] peopleOf(SessionId session) {
        return bytes(presence(partition(session)) + session);
    }

    /** What the names of {@link #peopleOf} in one partition begin with. */
    byte[] people(int partition) {
        return bytes(presence(partition));
    }

    byte[] due(int partition) {
        return bytes("{presence-" + partition + "}:due");
    }

    static int partition(SessionId session) {
        return Math.floorMod(session.value().hashCode(), PARTITIONS);
    }

    byte[] connections(String what) {
        return bytes("{connections}:" + what);
    }

    byte[] log(MessageId reply) {
        return bytes("log:{" + reply + "}");
    }

    byte[] logText(MessageId reply) {
        return bytes("log:{" + reply + "}:text");
    }

    /** Where the readers of a log listen. */
    String readersOf(MessageId reply) {
        return channels + "log/" + reply;
    }

    /** Where the owners of a log listen, to hear that it was taken. */
    String ownersOf(MessageId reply) {
        return channels + "owner/" + reply;
    }

    /** Where one node listens for as long as it is there. */
    String node(String node) {
        return channels + "node/" + node;
    }

    /** Where those listen who listen to a topic. */
    String topic(Topic topic) {
        return channels + switch (topic) {
            case Topic.OfSession(var session) -> "session/" + session;
            case Topic.OfPublications(var publications) -> "topic/" + publications;
            case Topic.Everywhere everywhere -> "everywhere";
        };
    }

    private static String presence(int partition) {
        return "{presence-" + partition + "}:";
    }

    private byte[] bytes(String name) {
        return (prefix + name).getBytes(StandardCharsets.UTF_8);
    }
}
