package dev.parley.application.command;

/** What a command answers that has nothing to tell but that it was done. */
public enum Nothing {
    NOTHING
}
