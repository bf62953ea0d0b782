package dev.parley.application.command;

import java.time.Duration;

/** What a sender's client means when it gives a message a name that it gave before. */
public sealed interface Repeat {

    /** Names are for life: the same message, or a conflict where the content differs. */
    record ForLife() implements Repeat {}

    /**
     * Names come round again: the same message if the content is the same and the name was given less than {@code window} ago,
     * and a new one if not.
     */
    record Within(Duration window) implements Repeat {}
}
