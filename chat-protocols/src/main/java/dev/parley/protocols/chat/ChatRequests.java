package dev.parley.protocols.chat;

import dev.parley.application.Link;
import dev.parley.application.command.Attach;
import dev.parley.application.command.Changed;
import dev.parley.application.command.Command;
import dev.parley.application.command.Nothing;
import dev.parley.application.command.Outcome;
import dev.parley.application.command.Repeat;
import dev.parley.application.command.Sent;
import dev.parley.domain.Page;
import dev.parley.domain.access.Principal;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.limit.Usage;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Receipt;
import dev.parley.domain.store.Slice;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Step;
import dev.parley.protocols.json.FieldException;
import dev.parley.protocols.json.Fields;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonValue;
import dev.parley.protocols.json.JsonWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** What a client's frames ask for. */
final class ChatRequests {

    private final ChatState state;
    private final ChatFrames frames;
    /** Whether frames come over a connection that follows the session, or one by one from outside. */
    private final boolean connected;

    ChatRequests(ChatState state, ChatFrames frames, boolean connected) {
        this.state = state;
        this.frames = frames;
        this.connected = connected;
    }

    /** What one frame wants done; whatever is wrong with it is answered. */
    List<Step> take(JsonObject frame, Instant now) {
        Optional<String> id = Optional.empty();
        String type;
        try {
            id = Fields.clientId(frame);
            type = frame.requiredText("type");
        } catch (FieldException wrong) {
            return charged(id, bad(wrong.detail(), id));
        }
        return take(type, frame, id, now);
    }

    /** Answers what is no frame at all. */
    List<Step> unreadable(String detail) {
        return charged(Optional.empty(), bad(detail, Optional.empty()));
    }

    private List<Step> take(String type, JsonObject frame, Optional<String> id, Instant now) {
        return switch (type) {
            case "message" -> charged(id, () -> message(frame, id));
            case "stop" -> parsed(id, () -> stop(frame, id));
            case "regenerate" -> charged(id, () -> regenerate(frame, id));
            case "edit" -> charged(id, () -> edit(frame, id));
            case "delete" -> charged(id, () -> change(deletion(frame), id));
            case "react" -> charged(id, () -> change(reaction(frame), id));
            case "feedback" -> charged(id, () -> change(feedback(frame), id));
            case "seen" -> charged(id, () -> change(receipt(frame), id));
            case "typing" -> typing(frame, id);
            case "history" -> charged(id, () -> history(frame, id));
            case "quota" -> charged(id, () -> quota(id));
            case "ping" -> charged(id, () -> List.of(frames.pong(id, now)));
            case "pong" -> List.of();
            case "resume" -> charged(id, () -> resume(frame, id));
            case "refresh" -> charged(id, () -> refresh(frame, id));
            case "disconnect" -> connected
                    ? frames.leave(state, Closing.because(Closing.Reason.ASKED))
                    : List.of();
            default -> charged(
                    id,
                    () -> List.of(frames.error(
                            state, ErrorCode.UNKNOWN_TYPE, "Expected a type that this protocol has", id)));
        };
    }

    private List<Step> message(JsonObject frame, Optional<String> id) {
        List<Attach> attachments = Fields.attachments(frame);
        Command<Sent> command = new Command.SendMessage(
                state.session(),
                Fields.content(frame, attachments),
                id,
                new Repeat.ForLife(),
                Fields.message(frame, "parent_id"),
                Fields.metadata(frame),
                frame.truth("reply").orElse(true) ? Optional.of(Fields.ask(frame)) : Optional.empty(),
                attachments);
        Optional<Boolean> stream = frame.truth("stream");
        return ask(command, id, sent -> {
            long position = sent.message().position();
            sent.reply().ifPresent(reply -> stream.ifPresent(wanted -> state.stream(reply, wanted)));
            if (!sent.duplicate()) {
                state.own.add(sent.message().id(), position, position);
            }
            long upTo = sent.duplicate() ? state.told() : seenWith(position, sent.position(), sent.reply().isPresent());
            return id.map(name -> List.of(
                    frames.ack(name, sent.message().id(), sent.reply(), upTo, sent.duplicate())))
                    .orElse(List.of());
        });
    }

    private List<Step> regenerate(JsonObject frame, Optional<String> id) {
        Command<Changed> command = new Command.Regenerate(
                state.session(), Fields.requiredMessage(frame, "message_id"), Fields.ask(frame));
        Optional<Boolean> stream = frame.truth("stream");
        return ask(command, id, changed -> {
            changed.reply().ifPresent(reply -> stream.ifPresent(wanted -> state.stream(reply, wanted)));
            return acknowledged(id, changed, changed.position());
        });
    }

    private List<Step> edit(JsonObject frame, Optional<String> id) {
        boolean again = frame.truth("regenerate").orElse(false);
        return change(
                new Command.EditMessage(
                        Optional.of(state.session()),
                        Fields.requiredMessage(frame, "message_id"),
                        frame.requiredText("content"),
                        again ? Optional.of(Fields.ask(frame)) : Optional.empty()),
                id);
    }

    private Command<Changed> deletion(JsonObject frame) {
        return new Command.DeleteMessage(Optional.of(state.session()), Fields.requiredMessage(frame, "message_id"));
    }

    private Command<Changed> reaction(JsonObject frame) {
        return new Command.React(
                Optional.of(state.session()),
                Fields.requiredMessage(frame, "message_id"),
                frame.requiredText("emoji"));
    }

    private Command<Changed> feedback(JsonObject frame) {
        return new Command.GiveFeedback(
                Optional.of(state.session()), Fields.requiredMessage(frame, "message_id"), Fields.feedback(frame));
    }

    private Command<Changed> receipt(JsonObject frame) {
        return new Command.MarkReceived(
                Optional.of(state.session()), Fields.requiredMessage(frame, "message_id"), Receipt.READ);
    }

    private List<Step> change(Command<Changed> command, Optional<String> id) {
        return ask(command, id, changed -> {
            long first = changed.position() - (changed.reply().isPresent() ? 1 : 0);
            if (id.isPresent()) {
                state.own.add(changed.message().id(), first, changed.position());
            }
            return acknowledged(id, changed, first);
        });
    }

    private List<Step> acknowledged(Optional<String> id, Changed changed, long first) {
        // Without a reply there may have been nothing left to change, and the position be that of something else.
        long upTo = changed.reply().isPresent()
                ? seenWith(first, changed.position(), first < changed.position())
                : state.told();
        return id.map(name -> List.of(frames.ack(name, changed.message().id(), changed.reply(), upTo, false)))
                .orElse(List.of());
    }

    /** {@code message_id} names a reply or a question; without it whatever runs or waits is stopped. Never refused by a limit. */
    private List<Step> stop(JsonObject frame, Optional<String> id) {
        Command<Command.Stopped> command =
                new Command.StopReplies(state.session(), Fields.message(frame, "message_id"));
        return ask(
                command,
                id,
                stopped -> id.map(name -> List.of(frames.stopped(name, stopped.replies())))
                        .orElse(List.of()));
    }

    private List<Step> typing(JsonObject frame, Optional<String> id) {
        Supplier<List<Step>> set = () -> {
            Command<Nothing> command =
                    new Command.SetTyping(state.session(), frame.truth("is_typing").orElse(true));
            return ask(command, id, nothing -> List.of());
        };
        boolean begins = !frame.fields().containsKey("is_typing")
                || !frame.fields().get("is_typing").equals(new JsonValue.Truth(false));
        return begins ? charged(id, set) : parsed(id, set);
    }

    private List<Step> history(JsonObject frame, Optional<String> id) {
        Slice slice = Fields.slice(frame);
        Command<Page<Message>> command = new Command.ListMessages(state.session(), slice);
        return ask(command, id, page -> {
            JsonWriter json = JsonWriter.frame("history").optional("id", id);
            History.write(json, page, slice, state.project(), state.principal().user());
            return List.of(ChatFrames.kept(json.end(), new Frame.Mark.None()));
        });
    }

    private List<Step> quota(Optional<String> id) {
        Command<Usage> command = new Command.GetQuota();
        return ask(command, id, usage -> List.of(frames.quota(id, usage)));
    }

    private List<Step> resume(JsonObject frame, Optional<String> id) {
        if (!connected) {
            throw new FieldException("Expected resume on a connection that stays open");
        }
        Map<MessageId, Long> shown =
                frame.object("streams").map(Fields::shown).orElse(Map.of());
        Optional<Link.From.Position> from = Cursor.parse(frame.requiredText("since"))
                .map(cursor -> cursor.with(shown).from());
        if (from.isEmpty()) {
            return List.of(frames.resumed(false, state.told(), true));
        }
        return List.of(new Step.Replay(state.session(), from.get(), outcome -> switch (outcome) {
            case Outcome.Done<?> done -> List.of();
            case Outcome.Refused<?> refused -> refused(refused.refusal(), id);
        }));
    }

    private List<Step> refresh(JsonObject frame, Optional<String> id) {
        if (!connected) {
            throw new FieldException("Expected refresh on a connection that stays open");
        }
        return List.of(new Step.Refresh(frame.requiredText("token"), outcome -> switch (outcome) {
            case Outcome.Done<Principal>(Principal newer) -> {
                state.refreshed(newer);
                yield List.of(frames.refreshed(id, newer));
            }
            case Outcome.Refused<Principal>(Outcome.Refusal refusal) ->
                    refused(refusal, id);
        }));
    }

    /**
     * The newest position that the client has seen once it knows that its own changes are at {@code first} to {@code last}:
     * others may have changed something before that is still on its way, and a client must not be told to begin behind it.
     */
    private long seenWith(long first, long last, boolean reply) {
        return first == state.told() + 1 && last == (reply ? first + 1 : first) ? last : state.told();
    }

    private <R> List<Step> ask(
            Command<R> command, Optional<String> id, Function<R, List<Step>> then) {
        return List.of(new Step.Ask<>(command, outcome -> switch (outcome) {
            case Outcome.Done<R> done -> then.apply(done.value());
            case Outcome.Refused<R> refused -> refused(refused.refusal(), id);
        }));
    }

    private List<Step> charged(Optional<String> id, Supplier<List<Step>> steps) {
        if (!connected) {
            return parsed(id, steps);
        }
        return ask(new Command.Charge(Command.Bucket.FRAMES), id, nothing -> parsed(id, steps));
    }

    private List<Step> parsed(Optional<String> id, Supplier<List<Step>> steps) {
        try {
            return steps.get();
        } catch (FieldException wrong) {
            return bad(wrong.detail(), id).get();
        }
    }

    private Supplier<List<Step>> bad(String detail, Optional<String> id) {
        return () -> List.of(frames.error(state, ErrorCode.BAD_REQUEST, detail, id));
    }

    private List<Step> refused(Outcome.Refusal refusal, Optional<String> id) {
        return List.of(frames.error(state, refusal, id, Optional.empty()));
    }
}
