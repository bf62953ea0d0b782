package dev.parley.protocols.connection;

import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.event.Event;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Handshake;
import dev.parley.protocols.Outgoing;
import dev.parley.protocols.Protocol;
import dev.parley.protocols.ProtocolSession;
import dev.parley.protocols.Step;
import java.time.Instant;
import java.util.List;

/** A wire language of words: {@code ask}, {@code ask twice}, {@code refresh <token>}, {@code bye}; the rest is echoed. */
final class LineProtocol implements Protocol {

    @Override
    public String name() {
        return "lines";
    }

    @Override
    public ProtocolSession open(Handshake handshake) {
        return new Lines(handshake);
    }

    private record Lines(Handshake handshake) implements ProtocolSession {

        @Override
        public List<Step> opened(Instant now) {
            return List.of(say("hello " + handshake.connection()));
        }

        @Override
        public List<Step> received(Frame frame, Instant now) {
            String line = frame.text();
            return switch (line) {
                case "ask" -> List.of(ask("answer"), say("after"));
                case "ask twice" -> List.of(
                        new Step.Ask<>(
                                new Command.GetQuota(), outcome -> List.of(say("first " + word(outcome)), ask("second"))),
                        say("after"));
                case "follow" -> List.of(new Step.Follow(
                        new SessionId("s"),
                        new dev.parley.application.Link.From.Now(),
                        outcome -> List.of(say("follow " + word(outcome)))));
                case "bye" -> List.of(
                        say("goodbye"), new Step.Close(Closing.because(Closing.Reason.ASKED)), say("never"));
                case "fault" -> throw new IllegalStateException("A fault of the wire language");
                default -> line.startsWith("refresh ")
                        ? List.of(new Step.Refresh(line.substring(8), outcome -> List.of(say("refreshed " + word(outcome)))))
                        : List.of(say(line));
            };
        }

        @Override
        public List<Step> happened(Event event, Instant now) {
            return switch (event) {
                case Event.Announced announced -> announced.message().equals("ask")
                        ? List.of(say("asking"), ask("answer"), say("asked"))
                        : List.of(say("told " + announced.message()));
                case Event.ReplyGrew grown -> List.of(new Step.Send(new Outgoing.Growing(grown)));
                case Event.SessionLost lost -> List.of(new Step.Close(Closing.because(Closing.Reason.REMOVED)));
                default -> List.of();
            };
        }

        @Override
        public List<Step> closing(Closing why, Instant now) {
            return List.of(say("closing " + why.reason().word()));
        }

        @Override
        public List<Step> heartbeat(Instant now) {
            return List.of(say("beat"));
        }

        @Override
        public Frame encode(Event.ReplyGrew grown) {
            return Frame.text(grown.from() + ":" + grown.text());
        }

        private static Step say(String text) {
            return new Step.Send(new Outgoing.Kept(Frame.text(text)));
        }

        private static Step ask(String word) {
            return new Step.Ask<>(new Command.GetQuota(), outcome -> List.of(say(word + " " + word(outcome))));
        }

        private static String word(Outcome<?> outcome) {
            return switch (outcome) {
                case Outcome.Done<?> done -> "done";
                case Outcome.Refused<?> refused -> refused.refusal().code().name();
            };
        }
    }
}
