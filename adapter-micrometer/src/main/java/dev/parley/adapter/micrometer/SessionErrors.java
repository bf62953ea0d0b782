package dev.parley.adapter.micrometer;

import dev.parley.domain.session.SessionId;

/** How many commands about a session were answered, and how many of them were refused. */
public record SessionErrors(SessionId session, long commands, long refused) {

    /** From 0 to 1. */
    public double rate() {
        return commands == 0 ? 0 : (double) refused / commands;
    }
}
