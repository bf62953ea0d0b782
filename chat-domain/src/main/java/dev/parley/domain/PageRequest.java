package dev.parley.domain;

/**
 * Which part of a list is wanted.
 *
 * @param offset how many items to pass over, from 0
 * @param limit at most so many items, 1 to {@value #MAX_LIMIT}
 */
public record PageRequest(int offset, int limit) {

    /** The longest part that anybody gets at once. */
    public static final int MAX_LIMIT = 200;

    /** What is given to those who do not say. */
    public static final int DEFAULT_LIMIT = 50;

    public PageRequest {
        if (offset < 0) {
            throw new IllegalArgumentException("Expected an offset from 0, found " + offset);
        }
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("Expected a limit of 1 to " + MAX_LIMIT + ", found " + limit);
        }
    }

    public static PageRequest first() {
        return new PageRequest(0, DEFAULT_LIMIT);
    }
}
