package dev.parley.protocols.chat;

import dev.parley.domain.session.Visibility;
import java.time.Duration;

/**
 * What the protocol tells its clients about the server.
 *
 * @param visibility what a session becomes that is made by connecting to it, unless the client says
 * @param maxMessageLength in characters
 * @param heartbeatInterval how often the host pings
 * @param idleAfter how long nothing happens in a session until it counts as idle
 */
public record ChatSettings(
        Visibility visibility, int maxMessageLength, Duration heartbeatInterval, Duration idleAfter) {

    public static final ChatSettings DEFAULT =
            new ChatSettings(Visibility.PRIVATE, 5000, Duration.ofSeconds(30), Duration.ofMinutes(30));
}
