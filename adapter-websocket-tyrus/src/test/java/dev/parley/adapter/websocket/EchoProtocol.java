package dev.parley.adapter.websocket;

import dev.parley.application.event.Event;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Handshake;
import dev.parley.protocols.Outgoing;
import dev.parley.protocols.Protocol;
import dev.parley.protocols.ProtocolSession;
import dev.parley.protocols.Step;
import dev.parley.protocols.connection.FrameCache;
import java.time.Instant;
import java.util.List;

/** Says who came how, then says back what it hears; {@code bye} closes. */
final class EchoProtocol implements Protocol {

    private final FrameCache frames = new FrameCache();

    @Override
    public String name() {
        return "echo";
    }

    @Override
    public ProtocolSession open(Handshake handshake) {
        if (handshake.principal().user().value().equals("unspeakable")) {
            throw new IllegalStateException("A fault of the protocol");
        }
        return new Echo(handshake);
    }

    private final class Echo implements ProtocolSession {
        private final Handshake handshake;

        Echo(Handshake handshake) {
            this.handshake = handshake;
        }

        @Override
        public List<Step> opened(Instant now) {
            return List.of(say(Frame.text("hello " + handshake.principal().user() + " " + handshake.path() + " "
                    + handshake.query() + " " + handshake.languages())));
        }

        @Override
        public List<Step> received(Frame frame, Instant now) {
            return frame.text().equals("bye")
                    ? List.of(new Step.Close(Closing.because(Closing.Reason.ASKED)))
                    : List.of(say(frame));
        }

        @Override
        public List<Step> happened(Event event, Instant now) {
            return switch (event) {
                case Event.Announced announced ->
                        List.of(say(frames.frame(announced, told -> Frame.text(told.message()))));
                case Event.ReplyGrew grown -> List.of(new Step.Send(new Outgoing.Growing(grown)));
                default -> List.of();
            };
        }

        @Override
        public List<Step> closing(Closing why, Instant now) {
            return List.of(say(Frame.text("closing " + why.reason().word())));
        }

        @Override
        public List<Step> heartbeat(Instant now) {
            return List.of();
        }

        @Override
        public Frame encode(Event.ReplyGrew grown) {
            return frames.frame(grown, told -> Frame.text(told.text()));
        }

        private static Step say(Frame frame) {
            return new Step.Send(new Outgoing.Kept(frame));
        }
    }
}
