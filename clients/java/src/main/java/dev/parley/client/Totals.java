package dev.parley.client;

/**
 * What a client has lived through so far.
 *
 * @param duplicates whatever came twice
 */
public record Totals(int connections, int reconnects, int replies, int gaps, int duplicates) {

    static final Totals NONE = new Totals(0, 0, 0, 0, 0);

    Totals connection() {
        return new Totals(connections + 1, reconnects + (connections > 0 ? 1 : 0), replies, gaps, duplicates);
    }

    Totals reply() {
        return new Totals(connections, reconnects, replies + 1, gaps, duplicates);
    }

    Totals gap() {
        return new Totals(connections, reconnects, replies, gaps + 1, duplicates);
    }

    Totals duplicate() {
        return new Totals(connections, reconnects, replies, gaps, duplicates + 1);
    }
}
