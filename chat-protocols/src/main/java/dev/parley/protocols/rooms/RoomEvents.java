package dev.parley.protocols.rooms;

import dev.parley.application.event.Event;
import dev.parley.domain.access.UserId;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Outgoing;
import dev.parley.protocols.Step;
import java.util.List;
import java.util.Optional;

/** What a client is told of what happens in the places it is in. */
final class RoomEvents {

    private final RoomsState state;
    private final RoomFrames frames;
    private final RoomEventFrames shared;

    RoomEvents(RoomsState state, RoomFrames frames, RoomEventFrames shared) {
        this.state = state;
        this.frames = frames;
        this.shared = shared;
    }

    List<Step> tell(Event event) {
        return switch (event) {
            case Event.InSession inside -> state.place(inside.session())
                    .map(place -> tell(place, inside))
                    .orElse(List.of());
            case Event.Announced announced -> List.of(frames.announcement(announced.message(), announced.level()));
            case Event.Disconnecting ending -> frames.leave(state, Closing.of(ending));
            case Event.Published published -> List.of();
            case Event.TopicsCaughtUp caughtUp -> List.of();
            case Event.TopicLost lost -> List.of();
        };
    }

    private List<Step> tell(Place place, Event.InSession event) {
        return switch (event) {
            case Event.Happened happened -> happened(place, happened);
            case Event.ReplyBegan began -> {
                state.runs(began.head().reply(), place.session());
                yield List.of();
            }
            case Event.ReplyGrew grew -> place.streams(grew.reply())
                    ? List.of(new Step.Send(new Outgoing.Growing(grew)))
                    : List.of();
            case Event.ReplyQueued queued -> List.of(hint("queued " + queued.reply(), shared.queued(queued)));
            case Event.TypingChanged typing -> !typing.agent() && typing.id().equals(state.principal().user().value())
                    ? List.of()
                    : List.of(hint(
                            "typing " + place.session() + " " + typing.agent() + typing.id(), shared.typing(typing)));
            case Event.PresenceChanged presence -> state.mine(presence.user())
                    ? List.of()
                    : List.of(hint("presence " + place.session() + " " + presence.user(), shared.presence(presence)));
            case Event.CaughtUp caughtUp -> caughtUp.recovered() ? List.of() : List.of(frames.reload(place.session()));
            case Event.SessionLost lost -> {
                state.exit(place.session());
                yield List.of(frames.lost(place.session(), Closing.of(lost)));
            }
        };
    }

    private List<Step> happened(Place place, Event.Happened happened) {
        Change change = happened.change();
        return switch (change.body()) {
            case Change.SessionOpened opened -> List.of();
            case Change.SessionChanged changed -> {
                place.adopt(changed.session());
                yield place.room() ? told(shared.changed(happened, changed.session())) : List.of();
            }
            case Change.SessionClosed closed -> List.of();
            case Change.MemberJoined joined -> news(change, joined.user(), true)
                    ? told(shared.joined(happened, joined))
                    : List.of();
            case Change.MemberLeft left -> news(change, left.user(), false)
                    ? told(shared.left(happened, left))
                    : List.of();
            case Change.MessageAdded added -> state.saidHere(added.message().id()) || added.message().deleted()
                    ? List.of()
                    : told(shared.message(happened, added.message()));
            case Change.MessageEdited edited -> edited.message().deleted()
                    ? List.of()
                    : told(shared.edited(happened, edited.message(), edited.by()));
            case Change.MessageDeleted deleted -> told(shared.deleted(happened, deleted.message(), deleted.by()));
            case Change.AttachmentAdded added -> state.broughtHere(added.id())
                    ? List.of()
                    : added.attachment()
                            .map(file -> told(shared.attached(happened, file, added.by())))
                            .orElse(List.of());
            case Change.AttachmentRemoved removed -> List.of();
            case Change.AttachmentsChanged changed -> List.of();
            case Change.ReactionChanged reaction -> List.of();
            case Change.FeedbackGiven feedback -> List.of();
            case Change.ReceiptGiven given -> given.message().author().is(state.principal().user())
                    ? List.of(frames.received(given.message(), given.user(), given.receipt(), change.at()))
                    : List.of();
            case Change.ReplyStarted started -> {
                if (started.message().running()) {
                    state.runs(started.message().id(), place.session());
                }
                yield List.of();
            }
            case Change.ReplyEnded ended -> ended(place, happened, ended.message());
        };
    }

    /** Everybody else's changes, and this client's own when it came or was answered about nothing. */
    private boolean news(Change change, UserId user, boolean joined) {
        SessionId session = change.session();
        return !state.changedHere(session, user, joined, change.position()) && !(joined && state.mine(user));
    }

    private List<Step> ended(Place place, Event.Happened happened, Message reply) {
        boolean grew = place.ended(reply.id());
        state.ended(reply.id());
        Optional<ErrorCode> failure = reply.reply()
                .filter(facts -> facts.status() == ReplyStatus.FAILED)
                .map(facts -> facts.error().orElse(ErrorCode.MODEL_FAILED));
        if (failure.isPresent()) {
            return List.of(frames.failed(state, reply, failure.get()));
        }
        return told(shared.ended(happened, reply, grew));
    }

    private static List<Step> told(Frame frame) {
        return List.of(RoomFrames.kept(frame));
    }

    private static Step hint(String key, Frame frame) {
        return new Step.Send(new Outgoing.Replaceable(key, frame));
    }
}
