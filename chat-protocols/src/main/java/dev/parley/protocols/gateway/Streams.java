package dev.parley.protocols.gateway;

import dev.parley.application.command.Attach;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.command.Repeat;
import dev.parley.application.command.Sent;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.Step;
import dev.parley.protocols.json.Fields;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.socketio.SocketEvent;
import java.util.List;
import java.util.Optional;

/** Replies that are asked for, and stopped. */
final class Streams {

    private static final String REQUEST = "stream:request";

    private final GatewayState state;
    private final GatewayFrames frames;

    Streams(GatewayState state, GatewayFrames frames) {
        this.state = state;
        this.frames = frames;
    }

    /** Asks a model once; counted by itself, and only what was not asked before. */
    List<Step> request(SocketEvent event, JsonObject data) {
        SessionId session = GatewayFields.requiredSession(data);
        List<Attach> attachments = Fields.attachments(data);
        Command<Sent> command = new Command.SendMessage(
                session,
                attachments.isEmpty() ? data.requiredText("prompt") : data.text("prompt").orElse(""),
                Fields.clientId(data, "clientId"),
                new Repeat.ForLife(),
                Fields.message(data, "parentMessageId"),
                Fields.metadata(data),
                Optional.of(GatewayFields.ask(data)),
                attachments,
                Optional.of(REQUEST));
        return List.of(new Step.Ask<>(command, outcome -> switch (outcome) {
            case Outcome.Done<Sent>(Sent sent) -> {
                if (!sent.duplicate()) {
                    // A stop may come before the news that the reply was asked for.
                    sent.reply().ifPresent(reply -> state.runs(reply, session));
                }
                yield frames.success(event, json -> {
                    sent.reply()
                            .ifPresent(reply -> json.field("streamId", reply.value())
                                    .field("messageId", reply.value()));
                    json.field("sessionId", session.value()).field("questionId", sent.message().id().value());
                    json.optional("clientId", sent.message().clientId()).field("duplicate", sent.duplicate());
                });
            }
            case Outcome.Refused<Sent> no -> frames.failure(event, no.refusal(), Optional.of(session));
        }));
    }

    /** Ends a reply, or all that run in a session; never refused by a limit. */
    List<Step> stop(SocketEvent event, JsonObject data) {
        if (!data.has("streamId") && data.has("sessionId")) {
            return stop(event, GatewayFields.requiredSession(data), Optional.empty());
        }
        MessageId reply = Fields.requiredMessage(data, "streamId");
        Optional<SessionId> known = state.runsIn(reply).or(() -> GatewayFields.session(data));
        if (known.isPresent()) {
            return stop(event, known.get(), Optional.of(reply));
        }
        Command<Message> find = new Command.GetMessage(reply);
        return List.of(new Step.Ask<>(find, outcome -> switch (outcome) {
            case Outcome.Done<Message> done -> stop(event, done.value().session(), Optional.of(reply));
            case Outcome.Refused<Message> no -> frames.failure(event, no.refusal(), Optional.empty());
        }));
    }

    private List<Step> stop(SocketEvent event, SessionId session, Optional<MessageId> reply) {
        Command<Command.Stopped> command = new Command.StopReplies(session, reply);
        return List.of(new Step.Ask<>(command, outcome -> switch (outcome) {
            case Outcome.Done<Command.Stopped> done -> frames.success(event, json -> {
                reply.ifPresent(id -> json.field("streamId", id.value()));
                json.field("sessionId", session.value()).field("stopped", !done.value().replies().isEmpty());
                json.texts("streamIds", done.value().replies());
            });
            case Outcome.Refused<Command.Stopped> no -> frames.failure(event, no.refusal(), Optional.of(session));
        }));
    }
}
