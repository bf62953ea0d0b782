package dev.parley.domain;

import java.util.List;

/**
 * A part of a longer list.
 *
 * @param items the part, in the list's order
 * @param total how long the whole list is
 */
public record Page<T>(List<T> items, long total) {

    public Page {
        items = List.copyOf(items);
        if (total < items.size()) {
            throw new IllegalArgumentException("Expected a total of at least " + items.size() + ", found " + total);
        }
    }
}
