package dev.parley.integration;

import dev.parley.application.Caller;
import dev.parley.application.ChatEngine;
import dev.parley.application.Link;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.event.EventSink;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.error.UnavailableException;
import java.time.Duration;

/** Stands where an engine would be, for servers that never ask it. */
final class NoEngine implements ChatEngine {

    @Override
    public <R> Outcome<R> handle(Caller caller, Command<R> command) {
        return Outcome.refused(ErrorCode.NOT_FOUND, "Nothing is here");
    }

    @Override
    public Link connect(Caller caller, EventSink sink) {
        throw new UnavailableException("Nothing is here");
    }

    @Override
    public boolean accepting() {
        return true;
    }

    @Override
    public void drain(Duration grace, Duration spread) {}

    @Override
    public void close() {}
}
