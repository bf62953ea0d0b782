package dev.parley.protocols.ticket;

import dev.parley.application.command.Outcome;
import dev.parley.application.event.Event;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.session.TicketId;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.ProtocolSession;
import dev.parley.protocols.Step;
import dev.parley.protocols.json.Speech;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A connection whose address names nothing that can be a ticket: it is told so and closed. */
final class RefusedTicket implements ProtocolSession {

    private final Speech speech;
    private final TicketFrames frames;

    RefusedTicket(Speech speech, TicketFrames frames) {
        this.speech = speech;
        this.frames = frames;
    }

    @Override
    public List<Step> opened(Instant now) {
        Outcome.Refusal refusal = new Outcome.Refusal(
                ErrorCode.BAD_REQUEST,
                "Expected a ticket id of 1 to " + TicketId.MAX_LENGTH + " characters of A-Z a-z 0-9 . _ : -",
                Optional.empty());
        return List.of(frames.error(refusal, speech), new Step.Close(Closing.of(refusal)));
    }

    @Override
    public List<Step> received(Frame frame, Instant now) {
        return List.of();
    }

    @Override
    public List<Step> happened(Event event, Instant now) {
        return List.of();
    }

    @Override
    public List<Step> closing(Closing why, Instant now) {
        return List.of();
    }

    @Override
    public List<Step> heartbeat(Instant now) {
        return List.of();
    }

    @Override
    public Frame encode(Event.ReplyGrew grown) {
        throw new IllegalStateException("Expected no reply where nothing is followed");
    }
}
