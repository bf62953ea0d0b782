package dev.parley.protocols.topics;

import dev.parley.application.command.Attach;
import dev.parley.application.command.Command;
import dev.parley.application.command.Nothing;
import dev.parley.application.command.Outcome;
import dev.parley.application.command.Repeat;
import dev.parley.application.command.Sent;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.topic.Subscription;
import dev.parley.domain.topic.TopicId;
import dev.parley.protocols.Step;
import dev.parley.protocols.json.FieldException;
import dev.parley.protocols.json.Fields;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** What a client's envelopes ask for. */
final class TopicsRequests {

    private final TopicsState state;
    private final OwnFrames frames;

    TopicsRequests(TopicsState state, OwnFrames frames) {
        this.state = state;
        this.frames = frames;
    }

    /** What one envelope wants done; whatever is wrong with it is answered. */
    List<Step> take(JsonObject envelope) {
        Optional<String> id = Optional.empty();
        String type;
        JsonObject data;
        try {
            id = Fields.clientId(envelope);
            type = envelope.requiredText("type");
            data = envelope.object("data").orElse(JsonObject.EMPTY);
        } catch (FieldException wrong) {
            Optional<String> known = id;
            return charged(known, () -> bad(wrong.detail(), known));
        }
        return take(type, data, id);
    }

    /** Answers what is no envelope at all. */
    List<Step> unreadable(String detail) {
        return charged(Optional.empty(), () -> bad(detail, Optional.empty()));
    }

    private List<Step> take(String type, JsonObject data, Optional<String> id) {
        return switch (type) {
            case "chat" -> charged(id, () -> chat(data, id));
            case "subscribe" -> charged(id, () -> subscribe(data, id));
            case "unsubscribe" -> charged(id, () -> unsubscribe(data, id));
            case "ping" -> charged(id, () -> List.of(state.kept(frames.pong(state.now()))));
            case "stop" -> parsed(id, () -> stop(data, id));
            case "typing" -> typing(data, id);
            case "pong" -> List.of();
            default -> charged(
                    id, () -> refused(ErrorCode.UNKNOWN_TYPE, "Expected a type that this protocol has", id));
        };
    }

    private List<Step> chat(JsonObject data, Optional<String> id) {
        List<Attach> attachments = Fields.attachments(data);
        Command<Sent> command = new Command.SendMessage(
                state.session,
                attachments.isEmpty()
                        ? data.requiredText("message")
                        : data.text("message").orElse(""),
                id,
                new Repeat.ForLife(),
                Fields.message(data, "parent_id"),
                Fields.metadata(data),
                Optional.of(Fields.ask(data)),
                attachments);
        Optional<Boolean> stream = data.truth("stream");
        return ask(command, id, sent -> {
            if (sent.duplicate()) {
                return List.of(state.kept(frames.duplicate(sent, state.now())));
            }
            state.said(sent.message().id());
            sent.reply().ifPresent(reply -> stream.ifPresent(wanted -> state.stream(reply, wanted)));
            state.answered(sent.message().position(), sent.position(), sent.reply().isPresent());
            state.processes(true);
            return List.of(state.kept(frames.processing(sent, state.now())));
        });
    }

    private List<Step> subscribe(JsonObject data, Optional<String> id) {
        Command<Subscription> command = new Command.Subscribe(state.session, topic(data));
        return ask(
                command, id, subscription -> List.of(state.kept(frames.subscribed(subscription.topic(), state.now()))));
    }

    private List<Step> unsubscribe(JsonObject data, Optional<String> id) {
        TopicId topic = topic(data);
        return ask(
                new Command.Unsubscribe(state.session, topic),
                id,
                nothing -> List.of(state.kept(frames.unsubscribed(topic, state.now()))));
    }

    /** {@code message_id} names a reply or a question; without it whatever runs or waits is stopped. Never refused by a limit. */
    private List<Step> stop(JsonObject data, Optional<String> id) {
        Command<Command.Stopped> command =
                new Command.StopReplies(state.session, Fields.message(data, "message_id"));
        return ask(
                command,
                id,
                stopped -> stopped.replies().isEmpty()
                        ? List.of(state.kept(frames.nothingToStop(state.now())))
                        : List.of());
    }

    /** That somebody rests is never refused by a limit. */
    private List<Step> typing(JsonObject data, Optional<String> id) {
        Supplier<List<Step>> set = () -> {
            Command<Nothing> command =
                    new Command.SetTyping(state.session, data.truth("is_typing").orElse(true));
            return ask(command, id, nothing -> List.of());
        };
        boolean rests = new JsonValue.Truth(false).equals(data.fields().get("is_typing"));
        return rests ? parsed(id, set) : charged(id, set);
    }

    private static TopicId topic(JsonObject data) {
        String name = data.requiredText("investigation_id");
        return Fields.checked(() -> TopicId.named(name));
    }

    private <R> List<Step> ask(Command<R> command, Optional<String> id, Function<R, List<Step>> then) {
        return List.of(new Step.Ask<>(command, outcome -> switch (outcome) {
            case Outcome.Done<R> done -> then.apply(done.value());
            case Outcome.Refused<R> refused -> refused(refused.refusal(), id);
        }));
    }

    private List<Step> charged(Optional<String> id, Supplier<List<Step>> steps) {
        return ask(new Command.Charge(Command.Bucket.FRAMES), id, nothing -> parsed(id, steps));
    }

    private List<Step> parsed(Optional<String> id, Supplier<List<Step>> steps) {
        try {
            return steps.get();
        } catch (FieldException wrong) {
            return bad(wrong.detail(), id);
        }
    }

    private List<Step> bad(String detail, Optional<String> id) {
        return refused(ErrorCode.BAD_REQUEST, detail, id);
    }

    private List<Step> refused(ErrorCode code, String detail, Optional<String> id) {
        return refused(new Outcome.Refusal(code, detail, Optional.empty()), id);
    }

    private List<Step> refused(Outcome.Refusal refusal, Optional<String> id) {
        return List.of(state.kept(frames.error(refusal, id, state.now())));
    }
}
