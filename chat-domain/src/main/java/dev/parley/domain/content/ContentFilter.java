package dev.parley.domain.content;

import dev.parley.domain.Port;

/**
 * Masks what offends in a text. Pure and quick: the same text is masked the same way whenever and wherever that is asked, nothing
 * blocks, and what was masked once offends nobody any more. Safe for use by many threads.
 */
@Port
public interface ContentFilter {

    /** Finds nothing. */
    ContentFilter NOTHING = () -> new Passage() {
        @Override
        public String add(String piece) {
            return piece;
        }

        @Override
        public String end() {
            return "";
        }
    };

    /** Begins a text that comes piece by piece, cut anywhere. */
    Passage begin();

    /** The text with what offends in it masked; itself where nothing does. */
    default String masked(String text) {
        Passage passage = begin();
        return passage.add(text) + passage.end();
    }

    /**
     * One text on its way through: what comes out, put together, is what {@link #masked} makes of what went in, put together. Used by
     * one thread at a time.
     */
    interface Passage {

        /** Takes a piece in; returns what can be let through now, holding back only what may still turn out to offend. */
        String add(String piece);

        /** Says that nothing follows; returns what was held back. Nothing is added afterwards. */
        String end();
    }
}
