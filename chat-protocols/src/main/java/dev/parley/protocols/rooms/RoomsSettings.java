package dev.parley.protocols.rooms;

import dev.parley.domain.session.Visibility;
import java.time.Duration;

/**
 * What the protocol tells its clients about the server.
 *
 * @param visibility what a room becomes that is opened by naming it, unless the client says
 * @param maxMessageLength in characters
 * @param heartbeatInterval how often the host asks for a sign of life
 */
public record RoomsSettings(Visibility visibility, int maxMessageLength, Duration heartbeatInterval, Prices prices) {

    public static final RoomsSettings DEFAULT =
            new RoomsSettings(Visibility.PRIVATE, 5000, Duration.ofSeconds(30), Prices.FREE);
}
