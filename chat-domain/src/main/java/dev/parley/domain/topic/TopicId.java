package dev.parley.domain.topic;

import dev.parley.domain.session.SessionId;
import java.util.Optional;

/**
 * Names a topic: one that systems publish to, such as an investigation, or a session's own, which carries what is for that session
 * alone.
 *
 * @param value as a session's id, or {@value #OWN_PREFIX} and a session's id, so that the two kinds never meet
 */
public record TopicId(String value) implements Comparable<TopicId> {

    /** What the id of a session's own topic begins with; no client can choose such a name. */
    private static final String OWN_PREFIX = "session/";

    public TopicId {
        String name = value.startsWith(OWN_PREFIX) ? value.substring(OWN_PREFIX.length()) : value;
        if (!SessionId.isValid(name)) {
            throw new IllegalArgumentException(
                    "Expected a topic id of 1 to " + SessionId.MAX_LENGTH + " characters of A-Z a-z 0-9 . _ : -");
        }
    }

    /** A topic that people name; whatever is no such name is refused. */
    public static TopicId named(String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "Expected a topic id of 1 to " + SessionId.MAX_LENGTH + " characters of A-Z a-z 0-9 . _ : -");
        }
        return new TopicId(name);
    }

    /** The topic of one session alone. */
    public static TopicId of(SessionId session) {
        return new TopicId(OWN_PREFIX + session.value());
    }

    /** Whether people can name a topic so. */
    public static boolean isName(String name) {
        return SessionId.isValid(name);
    }

    /** Whose own topic this is; empty for one that people name. */
    public Optional<SessionId> session() {
        return value.startsWith(OWN_PREFIX)
                ? Optional.of(new SessionId(value.substring(OWN_PREFIX.length())))
                : Optional.empty();
    }

    @Override
    public int compareTo(TopicId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
