package dev.parley.domain.topic;

import java.time.Duration;

/**
 * That a session is told what is published to a topic, whoever in it asked for that.
 *
 * @param since the newest position when it began: what lies behind it is for the session
 */
public record Subscription(TopicId topic, long since) {

    /** How many topics a session may be subscribed to. */
    public static final int MAX_PER_SESSION = 50;

    /** How long one stays when nobody is connected to the session any more. */
    public static final Duration OUTLIVES_CONNECTIONS = Duration.ofMinutes(10);
}
