package dev.parley.protocols.gateway;

import dev.parley.application.command.Attach;
import dev.parley.application.command.Changed;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.command.Repeat;
import dev.parley.application.command.Sent;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Receipt;
import dev.parley.domain.project.ProjectId;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.Step;
import dev.parley.protocols.json.Fields;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonWriter;
import dev.parley.protocols.socketio.SocketEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Messages that people send, change and mark. */
final class Messaging {

    private final GatewayState state;
    private final GatewayFrames frames;

    Messaging(GatewayState state, GatewayFrames frames) {
        this.state = state;
        this.frames = frames;
    }

    /** Says something; no model is asked. */
    List<Step> send(SocketEvent event, JsonObject data) {
        SessionId session = GatewayFields.requiredSession(data);
        List<Attach> attachments = Fields.attachments(data);
        Command<Sent> command = new Command.SendMessage(
                session,
                Fields.content(data, attachments),
                Fields.clientId(data, "clientId"),
                new Repeat.ForLife(),
                Fields.message(data, "parentMessageId"),
                Fields.metadata(data),
                Optional.empty(),
                attachments);
        return List.of(new Step.Ask<>(command, outcome -> switch (outcome) {
            case Outcome.Done<Sent>(Sent sent) -> {
                List<Step> steps = new ArrayList<>(frames.success(event, json -> {
                    json.field("messageId", sent.message().id().value()).field("sessionId", session.value());
                    json.optional("clientId", sent.message().clientId()).field("duplicate", sent.duplicate());
                    json.field("timestamp", sent.message().createdAt());
                    message(json, sent.message());
                }));
                steps.add(frames.delivered(sent.message()));
                yield steps;
            }
            case Outcome.Refused<Sent> no -> frames.failure(event, no.refusal(), Optional.of(session));
        }));
    }

    List<Step> edit(SocketEvent event, JsonObject data) {
        return change(
                event,
                data,
                new Command.EditMessage(
                        GatewayFields.session(data),
                        Fields.requiredMessage(data, "messageId"),
                        data.requiredText("content"),
                        Optional.empty()),
                message -> json -> message(json, message));
    }

    List<Step> delete(SocketEvent event, JsonObject data) {
        return change(
                event,
                data,
                new Command.DeleteMessage(GatewayFields.session(data), Fields.requiredMessage(data, "messageId")),
                message -> json -> {});
    }

    /** Adds the reaction, or takes it back. */
    List<Step> react(SocketEvent event, JsonObject data) {
        String emoji = data.requiredText("emoji");
        return change(
                event,
                data,
                new Command.React(GatewayFields.session(data), Fields.requiredMessage(data, "messageId"), emoji),
                message -> json -> {
                    boolean added = message.reacted(state.principal().user(), emoji);
                    json.field("emoji", emoji).field("added", added);
                    json.field("action", added ? "added" : "removed");
                    EventFrames.reactions(json, message);
                });
    }

    /** Notes that the client got messages, or that its user has seen them. */
    List<Step> mark(SocketEvent event, JsonObject data, Receipt receipt) {
        return mark(event, GatewayFields.session(data), GatewayFields.messages(data), 0, receipt, Optional.empty());
    }

    /** {@code gone} what is said at the end where a message is there no longer, which keeps the others from nothing */
    private List<Step> mark(
            SocketEvent event,
            Optional<SessionId> session,
            List<MessageId> messages,
            int next,
            Receipt receipt,
            Optional<Outcome.Refusal> gone) {
        if (next == messages.size()) {
            return gone.map(refusal -> frames.failure(event, refusal, session))
                    .orElseGet(() -> frames.success(event, json -> json.texts("messageIds", messages)));
        }
        Command<Changed> command = new Command.MarkReceived(session, messages.get(next), receipt);
        return List.of(new Step.Ask<>(command, outcome -> switch (outcome) {
            case Outcome.Done<Changed> done -> mark(event, session, messages, next + 1, receipt, gone);
            case Outcome.Refused<Changed> no -> switch (no.refusal().code()) {
                case GONE, NOT_FOUND ->
                        mark(event, session, messages, next + 1, receipt, gone.or(() -> Optional.of(no.refusal())));
                default -> frames.failure(event, no.refusal(), session);
            };
        }));
    }

    /** Writes more into an answer. */
    private interface More {
        void write(JsonWriter json);
    }

    private List<Step> change(
            SocketEvent event, JsonObject data, Command<Changed> command, Function<Message, More> more) {
        Optional<SessionId> session = GatewayFields.session(data);
        return List.of(new Step.Ask<>(command, outcome -> switch (outcome) {
            case Outcome.Done<Changed>(Changed changed) -> frames.success(event, json -> {
                json.field("messageId", changed.message().id().value());
                json.field("sessionId", changed.message().session().value());
                more.apply(changed.message()).write(json);
            });
            case Outcome.Refused<Changed> no -> frames.failure(event, no.refusal(), session);
        }));
    }

    private void message(JsonWriter json, Message message) {
        Optional<ProjectId> project = state.place(message.session()).flatMap(Place::project);
        EventFrames.message(json.name("message").begin(), message, project);
        json.end();
    }
}
