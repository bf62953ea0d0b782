package dev.parley.domain;

/** Makes identifiers. Safe for use by many threads. */
@Port
public interface IdSource {

    /**
     * A new identifier, unique across nodes and restarts: 16 to 64 characters of {@code [A-Za-z0-9_-]}; later ones sort
     * after earlier ones of the same source.
     */
    String next();
}
