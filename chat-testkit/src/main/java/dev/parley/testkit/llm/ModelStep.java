package dev.parley.testkit.llm;

import dev.parley.domain.error.LlmException;
import dev.parley.domain.llm.Completion;
import java.util.Optional;

/** One thing that a scripted model does; a script that is over goes on like one that ends with {@link Stall}. */
public sealed interface ModelStep {

    /** Yields a piece of the answer. */
    record Say(String text) implements ModelStep {}

    /** Yields a piece of what it thinks. */
    record Think(String text) implements ModelStep {}

    /** Says nothing until whoever asked goes away. */
    record Stall() implements ModelStep {}

    /** Ends by itself. */
    record End(Completion completion) implements ModelStep {}

    /** Breaks off without an end. */
    record Cut() implements ModelStep {}

    /** Fails; {@link LlmException.Kind#FAILED} may come at any time, the others only as the first step. */
    record Fail(LlmException.Kind kind) implements ModelStep {}

    static ModelStep say(String text) {
        return new Say(text);
    }

    static ModelStep think(String text) {
        return new Think(text);
    }

    static ModelStep stall() {
        return new Stall();
    }

    /** Ends because everything is said, after 3 tokens read and 5 written. */
    static ModelStep end() {
        return new End(new Completion(Completion.Reason.STOP, Optional.of(3), Optional.of(5)));
    }

    static ModelStep cut() {
        return new Cut();
    }

    static ModelStep fail(LlmException.Kind kind) {
        return new Fail(kind);
    }
}
