package dev.parley.application;

import dev.parley.domain.content.Filtering;
import java.util.Optional;

/**
 * What becomes of words that offend.
 *
 * @param filtering in what people write; for whom they write by to say when empty
 * @param replies whether they are masked in what models write
 */
public record ContentSettings(Optional<Filtering> filtering, boolean replies) {

    /** Nothing, but for what callers say. */
    public static final ContentSettings STANDARD = new ContentSettings(Optional.empty(), false);
}
