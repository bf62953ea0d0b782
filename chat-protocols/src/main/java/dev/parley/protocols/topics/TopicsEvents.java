package dev.parley.protocols.topics;

import dev.parley.application.event.Event;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyFacts;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Outgoing;
import dev.parley.protocols.Step;
import java.util.ArrayList;
import java.util.List;

/** What a client is told of what happens. */
final class TopicsEvents {

    private final TopicsState state;
    private final OwnFrames frames;
    private final EventFrames shared;

    TopicsEvents(TopicsState state, OwnFrames frames, EventFrames shared) {
        this.state = state;
        this.frames = frames;
        this.shared = shared;
    }

    List<Step> tell(Event event) {
        if (event instanceof Event.InSession inside && !inside.session().equals(state.session)) {
            return List.of();
        }
        return switch (event) {
            case Event.Happened happened -> happened(happened);
            case Event.ReplyBegan began -> {
                state.writes(began.head().reply(), began.head().agent());
                state.begins(began.head().reply());
                yield List.of();
            }
            case Event.ReplyGrew grew -> grew(grew);
            case Event.ReplyQueued queued ->
                    List.of(state.hint("queued " + queued.reply(), shared.queued(queued, state.now())));
            case Event.TypingChanged typing -> typing(typing);
            case Event.PresenceChanged presence -> state.mine(presence.user().value())
                    ? List.of()
                    : List.of(state.hint("presence " + presence.user(), shared.presence(presence, state.now())));
            case Event.CaughtUp caughtUp -> caughtUp(caughtUp);
            case Event.TopicsCaughtUp caughtUp -> {
                state.recovered(caughtUp.recovered());
                yield List.of(state.kept(frames.resumed(state.caughtUp(), state.now())));
            }
            case Event.Published published -> List.of(state.kept(shared.published(published)));
            case Event.TopicLost lost -> List.of(state.kept(frames.removed(lost.topic(), state.now())));
            case Event.Announced announced -> List.of(state.kept(shared.announcement(announced, state.now())));
            // The connection says these itself.
            case Event.SessionLost lost -> List.of();
            case Event.Disconnecting ending -> List.of();
        };
    }

    /** What was missed of topics comes next, and then the client is told that this was all. */
    private List<Step> caughtUp(Event.CaughtUp caughtUp) {
        state.told(caughtUp.position());
        if (state.catchingUp()) {
            state.recovered(caughtUp.recovered());
            return List.of();
        }
        return List.of(state.kept(frames.resumed(caughtUp.recovered(), state.now())));
    }

    private List<Step> grew(Event.ReplyGrew grew) {
        MessageId reply = grew.reply();
        if (!state.streams(reply)) {
            return List.of();
        }
        state.grew(reply, grew.to());
        if (state.resets(reply)) {
            return List.of(state.kept(EventFrames.reset(grew, state.agent(reply), state.now())));
        }
        return List.of(
                state.behind()
                        ? state.kept(shared.chunk(grew, state.agent(reply), state.now()))
                        : new Step.Send(new Outgoing.Growing(grew)));
    }

    private List<Step> typing(Event.TypingChanged typing) {
        if (!typing.agent()) {
            return state.mine(typing.id())
                    ? List.of()
                    : List.of(state.hint("typing " + typing.id(), shared.typing(typing, state.now())));
        }
        // What ends the work is told by a frame of its own.
        boolean news = typing.active() && !state.processing();
        state.processes(typing.active());
        return news ? List.of(state.hint("processing", shared.processing(typing, state.now()))) : List.of();
    }

    private List<Step> happened(Event.Happened happened) {
        Change change = happened.change();
        // Told first: a frame that must arrive says that everything until here has.
        state.told(change.position());
        return switch (change.body()) {
            case Change.MessageAdded added -> {
                boolean known = state.knows(added.message().id()) || added.message().deleted();
                yield known ? List.of() : told(shared.message(happened, added.message()));
            }
            case Change.MessageEdited edited -> told(shared.edited(happened, edited));
            case Change.MessageDeleted deleted -> told(shared.deleted(happened, deleted));
            case Change.ReactionChanged reaction -> told(shared.reaction(happened, reaction));
            case Change.MemberJoined joined -> state.mine(joined.user().value())
                    ? List.of()
                    : told(shared.joined(happened, joined));
            case Change.MemberLeft left -> told(shared.left(happened, left));
            case Change.ReplyEnded ended -> ended(happened, ended.message());
            case Change.SessionChanged changed -> {
                state.adopt(changed.session());
                yield List.of();
            }
            case Change.AttachmentAdded added -> added.attachment()
                    .map(attachment -> told(shared.attached(happened, added, attachment)))
                    .orElse(List.of());
            case Change.AttachmentRemoved removed -> told(shared.detached(happened, removed));
            case Change.AttachmentsChanged changed -> List.of();
            case Change.ReplyStarted started -> List.of();
            case Change.FeedbackGiven given -> List.of();
            case Change.ReceiptGiven given -> List.of();
            case Change.SessionOpened opened -> List.of();
            case Change.SessionClosed closed -> List.of();
        };
    }

    private List<Step> ended(Event.Happened happened, Message reply) {
        List<Step> steps = new ArrayList<>(2);
        if (!state.streams(reply.id())) {
            steps.add(state.kept(shared.whole(happened, reply)));
        } else if (state.resets(reply.id())) {
            Event.ReplyGrew nothing = new Event.ReplyGrew(state.session, reply.id(), 0, "");
            steps.add(state.kept(EventFrames.reset(nothing, EventFrames.agentOf(reply), state.now())));
        }
        state.ended(reply.id());
        boolean failed = EventFrames.status(reply) == ReplyStatus.FAILED;
        steps.add(state.kept(failed ? failure(happened, reply) : shared.completed(happened, reply)));
        return steps;
    }

    private Frame failure(Event.Happened happened, Message reply) {
        ErrorCode code = reply.reply().flatMap(ReplyFacts::error).orElse(ErrorCode.MODEL_FAILED);
        return frames.failed(
                reply.id(),
                code,
                EventFrames.ended(reply.id(), happened),
                happened.change().at());
    }

    private List<Step> told(Frame frame) {
        return List.of(state.kept(frame));
    }
}
