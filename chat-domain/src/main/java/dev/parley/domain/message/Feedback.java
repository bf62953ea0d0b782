package dev.parley.domain.message;

import java.util.Optional;

/**
 * What somebody thought of a reply.
 *
 * @param rating 1 to 5
 */
public record Feedback(Optional<Boolean> helpful, Optional<Integer> rating) {

    public Feedback {
        if (rating.isPresent() && (rating.get() < 1 || rating.get() > 5)) {
            throw new IllegalArgumentException("Expected a rating of 1 to 5, found " + rating.get());
        }
    }
}
