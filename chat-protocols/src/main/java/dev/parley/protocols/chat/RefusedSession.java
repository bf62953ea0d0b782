package dev.parley.protocols.chat;

import dev.parley.application.event.Event;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Handshake;
import dev.parley.protocols.ProtocolSession;
import dev.parley.protocols.Step;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** For clients that name a session by something that is no id. */
final class RefusedSession implements ProtocolSession {

    /** Only stands for a session where texts are chosen. */
    private static final SessionId NOWHERE = new SessionId("-");

    private final Handshake handshake;
    private final ChatFrames frames;

    RefusedSession(Handshake handshake, ChatFrames frames) {
        this.handshake = handshake;
        this.frames = frames;
    }

    @Override
    public List<Step> opened(Instant now) {
        return List.of(
                frames.error(
                        new ChatState(handshake, NOWHERE),
                        ErrorCode.BAD_REQUEST,
                        "Expected a session id of 1 to 128 characters of A-Z a-z 0-9 . _ : -",
                        Optional.empty()),
                new Step.Close(Closing.because(Closing.Reason.PROTOCOL)));
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
