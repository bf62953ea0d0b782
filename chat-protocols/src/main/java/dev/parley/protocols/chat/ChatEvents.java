package dev.parley.protocols.chat;

import dev.parley.application.command.Outcome;
import dev.parley.application.event.Event;
import dev.parley.domain.change.Change;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Receipt;
import dev.parley.domain.message.ReplyFacts;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Outgoing;
import dev.parley.protocols.Step;
import dev.parley.protocols.json.SessionJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a client is told of what happens. */
final class ChatEvents {

    private final ChatState state;
    private final ChatFrames frames;
    private final EventFrames shared;

    ChatEvents(ChatState state, ChatFrames frames, EventFrames shared) {
        this.state = state;
        this.frames = frames;
        this.shared = shared;
    }

    List<Step> tell(Event event, Instant now) {
        if (event instanceof Event.InSession inside && !state.isOf(inside.session())) {
            return List.of();
        }
        return switch (event) {
            case Event.Happened happened -> happened(happened, now);
            case Event.ReplyBegan began -> began(began);
            case Event.ReplyGrew grew -> state.streams(grew.reply())
                    ? List.of(new Step.Send(new Outgoing.Growing(grew)))
                    : List.of();
            case Event.ReplyQueued queued -> List.of(hint("queued " + queued.reply(), shared.queued(queued)));
            case Event.TypingChanged typing -> !typing.agent() && mine(typing.id())
                    ? List.of()
                    : List.of(hint("typing " + typing.agent() + typing.id(), shared.typing(typing)));
            case Event.PresenceChanged presence -> mine(presence.user().value())
                    ? List.of()
                    : List.of(hint("presence " + presence.user(), shared.presence(presence)));
            case Event.CaughtUp caughtUp -> {
                state.told(caughtUp.position());
                yield List.of(frames.resumed(caughtUp.recovered(), state.told(), true));
            }
            case Event.SessionLost lost -> frames.leave(state, Closing.of(lost));
            case Event.Published published -> List.of();
            case Event.TopicsCaughtUp caughtUp -> List.of();
            case Event.TopicLost lost -> List.of();
            case Event.Announced announced -> List.of(frames.announcement(announced.message(), announced.level()));
            case Event.Disconnecting ending -> frames.leave(state, Closing.of(ending));
        };
    }

    private List<Step> happened(Event.Happened happened, Instant now) {
        Change change = happened.change();
        boolean own = state.own.covers(change, state.principal());
        List<Step> steps = own ? List.of() : change(happened, now);
        state.told(change.position());
        return steps;
    }

    private List<Step> change(Event.Happened happened, Instant now) {
        Change change = happened.change();
        return switch (change.body()) {
            case Change.SessionOpened opened -> List.of();
            case Change.SessionChanged changed -> {
                state.adopt(changed.session());
                boolean privileged = SessionJson.privileged(state.principal(), changed.session());
                yield told(shared.session(happened, changed, privileged, now));
            }
            case Change.SessionClosed closed -> List.of();
            case Change.MemberJoined joined -> told(shared.joined(happened, joined));
            case Change.MemberLeft left -> told(shared.left(happened, left));
            case Change.MessageAdded added -> told(shared.message(happened, added.message(), state.project()));
            case Change.MessageEdited edited -> told(shared.edited(happened, edited, state.project()));
            case Change.MessageDeleted deleted -> told(shared.deleted(happened, deleted));
            case Change.ReactionChanged reaction -> told(shared.reaction(happened, reaction));
            case Change.FeedbackGiven feedback -> told(shared.feedback(happened, feedback));
            case Change.ReceiptGiven receipt -> receipt.receipt() == Receipt.READ
                    ? told(shared.seen(happened, receipt))
                    : List.of();
            case Change.ReplyStarted started -> {
                List<MessageId> versions =
                        started.message().reply().map(ReplyFacts::versions).orElse(List.of());
                state.started(started.message().id(), new ChatState.Started(change.position(), versions));
                yield List.of();
            }
            case Change.ReplyEnded ended -> ended(happened, ended.message());
            case Change.AttachmentAdded added -> added.attachment()
                    .map(attachment -> told(shared.attached(happened, added, attachment)))
                    .orElse(List.of());
            case Change.AttachmentRemoved removed -> told(shared.detached(happened, removed));
            case Change.AttachmentsChanged changed ->
                    told(shared.attachments(happened, changed, state.project()));
        };
    }

    private List<Step> began(Event.ReplyBegan began) {
        MessageId reply = began.head().reply();
        if (!state.streams(reply)) {
            return List.of();
        }
        Optional<ChatState.Started> started = state.started(reply);
        // The start is told by this frame: it stands for that position unless something newer was told meanwhile.
        boolean newest = started.isPresent() && started.get().position() == state.told();
        return told(shared.started(began, started, newest));
    }

    private List<Step> ended(Event.Happened happened, Message reply) {
        List<Step> steps = new ArrayList<>(2);
        reply.reply()
                .filter(facts -> facts.status() == ReplyStatus.FAILED)
                .flatMap(ReplyFacts::error)
                .ifPresent(code -> steps.add(frames.error(
                        state, new Outcome.Refusal(code, "", Optional.empty()), Optional.empty(), Optional.of(reply.id()))));
        boolean grew = state.ended(reply.id());
        steps.add(ChatFrames.kept(
                grew
                        ? shared.ended(happened, reply, state.project())
                        : shared.whole(happened, reply, state.project())));
        return steps;
    }

    private boolean mine(String user) {
        return state.principal().user().value().equals(user);
    }

    private static List<Step> told(Frame frame) {
        return List.of(ChatFrames.kept(frame));
    }

    private static Step hint(String key, Frame frame) {
        return new Step.Send(new Outgoing.Replaceable(key, frame));
    }
}
