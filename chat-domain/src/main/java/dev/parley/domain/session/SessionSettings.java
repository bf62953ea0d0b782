package dev.parley.domain.session;

import java.util.Optional;

/**
 * What a session prefers when a message does not say.
 *
 * @param model the model to ask
 * @param language a language tag for texts to clients
 * @param streamResponses whether replies are shown while they grow
 */
public record SessionSettings(Optional<String> model, Optional<String> language, boolean streamResponses) {

    public static final SessionSettings DEFAULT = new SessionSettings(Optional.empty(), Optional.empty(), true);
}
