package dev.parley.protocols.topics;

import dev.parley.domain.session.Visibility;

/**
 * How these protocols are set.
 *
 * @param visibility what a new session gets
 */
public record TopicsSettings(Visibility visibility) {

    /** Several people meet under an id that they know. */
    public static final TopicsSettings DEFAULT = new TopicsSettings(Visibility.SHARED);
}
