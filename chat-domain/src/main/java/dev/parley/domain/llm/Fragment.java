package dev.parley.domain.llm;

/** A piece that a model yields; its text is not empty, and may be cut anywhere but within a code point. */
public sealed interface Fragment {

    String text();

    /** A piece of the answer. */
    record Text(String text) implements Fragment {}

    /** A piece of what the model thinks before it answers. */
    record Thinking(String text) implements Fragment {}
}
