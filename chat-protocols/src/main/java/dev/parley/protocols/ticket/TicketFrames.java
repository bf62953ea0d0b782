package dev.parley.protocols.ticket;

import dev.parley.application.command.Outcome;
import dev.parley.application.event.Event;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.llm.Model;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.ReplyFacts;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Outgoing;
import dev.parley.protocols.Step;
import dev.parley.protocols.connection.FrameCache;
import dev.parley.protocols.json.JsonWriter;
import dev.parley.protocols.json.Phrase;
import dev.parley.protocols.json.Speech;
import dev.parley.protocols.json.Texts;
import dev.parley.protocols.json.WireTime;
import java.util.Optional;

/** What a ticket's clients are told. Safe for use by many threads. */
final class TicketFrames {

    private static final Frame DONE = frame(JsonWriter.frame("done"));
    private static final Frame STOPPED = frame(JsonWriter.frame("done").field("stopped", true));
    private static final Frame ALIVE = piece("");

    private final TicketSettings settings;
    private final Texts texts;
    private final FrameCache pieces = new FrameCache();

    TicketFrames(TicketSettings settings, Texts texts) {
        this.settings = settings;
        this.texts = texts;
    }

    Frame piece(Event.ReplyGrew grown) {
        return pieces.frame(grown, event -> piece(event.text()));
    }

    Step whole(String text) {
        return kept(piece(text));
    }

    /** Nothing new, which changes no text and keeps a connection alive that waits for its answer. */
    Step alive() {
        return new Step.Send(new Outgoing.Replaceable("alive", ALIVE));
    }

    /** There is nothing more to come, and nothing to say of it. */
    Step done() {
        return kept(DONE);
    }

    Step stopped() {
        return kept(STOPPED);
    }

    /** The answer is whole; says who wrote it where that is not whom one would expect. */
    Step done(Message answer) {
        Optional<ReplyFacts> unexpected = answer.reply()
                .filter(facts -> facts.fallback() || facts.model().equals(Model.DEMO));
        if (unexpected.isEmpty()) {
            return done();
        }
        JsonWriter json = JsonWriter.frame("done").field("model", unexpected.get().model());
        if (unexpected.get().fallback()) {
            json.field("model_fallback", true);
        }
        return kept(frame(json));
    }

    Step cached(Message answer, Speech speech) {
        return kept(frame(JsonWriter.frame("cached")
                .field("response", answer.content())
                .field("message", texts.phrase(Phrase.TICKET_CACHED, speech.printed()))));
    }

    Step empty(Speech speech) {
        return error(texts.phrase(Phrase.TICKET_EMPTY, speech.printed()), ErrorCode.MODEL_FAILED);
    }

    /** An answer came to no good end. */
    Step error(ErrorCode code, Speech speech) {
        return error(new Outcome.Refusal(code, "", Optional.empty()), speech);
    }

    Step error(Outcome.Refusal refusal, Speech speech) {
        JsonWriter json = error(text(refusal.code(), speech), refusal.code(), JsonWriter.frame("error"));
        refusal.retryAfter().ifPresent(wait -> json.field("retry_after", WireTime.wholeSeconds(wait)));
        if (!refusal.detail().isEmpty()) {
            json.field("details", refusal.detail());
        }
        return kept(frame(json));
    }

    private String text(ErrorCode code, Speech speech) {
        return code == ErrorCode.MODEL_UNAVAILABLE && !settings.modelServer()
                ? texts.phrase(Phrase.NO_MODEL_SERVER, speech.printed())
                : texts.error(code, speech.usual());
    }

    private static Step error(String text, ErrorCode code) {
        return kept(frame(error(text, code, JsonWriter.frame("error"))));
    }

    private static JsonWriter error(String text, ErrorCode code, JsonWriter json) {
        return json.field("message", text).field("code", code.name());
    }

    private static Frame piece(String text) {
        return frame(JsonWriter.frame("stream").field("content", text));
    }

    private static Frame frame(JsonWriter json) {
        return Frame.of(json.end().toUtf8());
    }

    private static Step kept(Frame frame) {
        return new Step.Send(new Outgoing.Kept(frame));
    }
}
