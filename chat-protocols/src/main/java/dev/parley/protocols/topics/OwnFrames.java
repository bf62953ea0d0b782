package dev.parley.protocols.topics;

import dev.parley.application.command.Outcome;
import dev.parley.application.command.Sent;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.topic.TopicId;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.json.JsonWriter;
import dev.parley.protocols.json.Phrase;
import dev.parley.protocols.json.Speech;
import dev.parley.protocols.json.Texts;
import dev.parley.protocols.json.WireTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The frames for one client alone. Used by one thread at a time. */
final class OwnFrames {

    private final Texts texts;
    private final Speech speech;

    OwnFrames(Texts texts, Speech speech) {
        this.texts = texts;
        this.speech = speech;
    }

    /** {@code begins} where the client is */
    Frame connection(String session, Place begins, Instant now) {
        return Envelope.of(
                "connection",
                now,
                json -> json.field("status", "connected")
                        .field("session_id", session)
                        .field("message", texts.phrase(Phrase.TOPICS_CONNECTED, speech.printed())),
                begins.mark());
    }

    Frame resumed(boolean recovered, Instant now) {
        return Envelope.notification("resumed", now, json -> json.field("recovered", recovered));
    }

    /** The message is stored, and the model is asked. */
    Frame processing(Sent sent, Instant now) {
        return Envelope.of("typing", now, json -> sent(json.field("agent", "processing"), sent));
    }

    Frame duplicate(Sent sent, Instant now) {
        return Envelope.notification("duplicate", now, json -> sent(json, sent));
    }

    private static void sent(JsonWriter to, Sent sent) {
        to.field("message_id", sent.message().id().value());
        sent.reply().ifPresent(reply -> to.field("reply_id", reply.value()));
        to.optional("client_id", sent.message().clientId());
    }

    Frame subscribed(TopicId topic, Instant now) {
        return Envelope.of(
                "subscribed",
                now,
                json -> json.field("investigation_id", topic.value())
                        .field("message", texts.phrase(Phrase.TOPICS_SUBSCRIBED, speech.printed(), topic.value())));
    }

    Frame unsubscribed(TopicId topic, Instant now) {
        return Envelope.of(
                "unsubscribed",
                now,
                json -> json.field("investigation_id", topic.value()),
                new Frame.Mark.Published(topic, -1));
    }

    /** The user belongs to the topic's audience no longer. */
    Frame removed(TopicId topic, Instant now) {
        return Envelope.of(
                "unsubscribed",
                now,
                json -> json.field("investigation_id", topic.value())
                        .field("reason", Closing.Reason.REMOVED.word()),
                new Frame.Mark.Published(topic, -1));
    }

    Frame pong(Instant now) {
        return Envelope.of("pong", now, json -> {});
    }

    Frame heartbeat(TopicId topic, Instant now) {
        return Envelope.of("heartbeat", now, json -> json.field("investigation_id", topic.value()));
    }

    Frame nothingToStop(Instant now) {
        return Envelope.notification("stopped", now, json -> json.texts("stopped", List.of()));
    }

    /** {@code request} the id of the client's frame that this answers */
    Frame error(Outcome.Refusal refusal, Optional<String> request, Instant now) {
        return Envelope.of("error", now, json -> {
            json.field("message", texts.error(refusal.code(), speech.usual()));
            json.field("code", refusal.code().name());
            refusal.retryAfter().ifPresent(wait -> json.field("retry_after", WireTime.wholeSeconds(wait)));
            json.optional("request_id", request);
            if (!refusal.detail().isEmpty()) {
                json.field("details", refusal.detail());
            }
        });
    }

    Frame failed(MessageId reply, ErrorCode code, Frame.Mark mark, Instant now) {
        return Envelope.of(
                "error",
                now,
                json -> json.field("message", texts.phrase(Phrase.TOPICS_FAILED, speech.printed()))
                        .field("code", code.name())
                        .field("message_id", reply.value()),
                mark);
    }

    Frame disconnect(Closing why, Instant now) {
        String reason = switch (why.reason()) {
            case INVALID_TEXT, TOO_LARGE -> Closing.Reason.PROTOCOL.word();
            case ASKED, DRAIN, PROTOCOL, LIMITS, SLOW, TIMEOUT, STORE, EXPIRED, REVOKED, REMOVED, CLOSED, DELETED ->
                    why.reason().word();
        };
        return Envelope.notification("disconnect", now, json -> {
            json.field("reason", reason).field("code", why.reason().code());
            why.reconnectIn().ifPresent(wait -> json.field("reconnect_in", WireTime.seconds(wait)));
        });
    }
}
