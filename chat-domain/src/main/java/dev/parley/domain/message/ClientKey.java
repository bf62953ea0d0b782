package dev.parley.domain.message;

import dev.parley.domain.access.UserId;

/**
 * The name a client gave to a message it sends, so that sending again is not saying again. Unique for one user in one
 * session.
 *
 * @param clientId 1 to {@value #MAX_LENGTH} characters
 */
public record ClientKey(UserId user, String clientId) {

    public static final int MAX_LENGTH = 200;

    public ClientKey {
        if (clientId.isEmpty() || clientId.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("Expected a client id of 1 to " + MAX_LENGTH + " characters");
        }
    }
}
