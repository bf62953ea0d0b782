package dev.parley.domain.content;

/** What becomes of what people write where something offends in it, from the mildest to the strictest. */
public enum Filtering {
    /** It stays as it is. */
    OFF,
    /** What offends is masked. */
    MASK,
    /** It is refused. */
    REJECT
}
