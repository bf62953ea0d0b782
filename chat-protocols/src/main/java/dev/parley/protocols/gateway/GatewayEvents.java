package dev.parley.protocols.gateway;

import dev.parley.application.event.Event;
import dev.parley.domain.change.Change;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.Receipt;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Outgoing;
import dev.parley.protocols.Step;
import java.util.ArrayList;
import java.util.List;

/** What a client is told of what happens in the sessions it is in. */
final class GatewayEvents {

    private final GatewayState state;
    private final GatewayFrames frames;
    private final EventFrames shared;
    private final Entrance entrance;

    GatewayEvents(GatewayState state, GatewayFrames frames, EventFrames shared, Entrance entrance) {
        this.state = state;
        this.frames = frames;
        this.shared = shared;
        this.entrance = entrance;
    }

    List<Step> tell(Event event) {
        return switch (event) {
            case Event.InSession inside -> state.place(inside.session())
                    .map(place -> tell(place, inside))
                    .orElse(List.of());
            case Event.Announced announced -> List.of(frames.announcement(announced.message(), announced.level()));
            case Event.Disconnecting ending -> frames.leave(Closing.of(ending));
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
                place.missed().ifPresent(missed -> missed.begin(began.head().reply()));
                yield List.of();
            }
            case Event.ReplyGrew grew -> grew(place, grew);
            case Event.ReplyQueued queued -> List.of(hint("queued " + queued.reply(), shared.queued(queued)));
            case Event.TypingChanged typing -> !typing.agent() && typing.id().equals(state.principal().user().value())
                    ? List.of()
                    : List.of(hint("typing " + place.session() + " " + typing.agent() + typing.id(), shared.typing(typing)));
            case Event.PresenceChanged presence -> presence(place, presence);
            case Event.CaughtUp caughtUp -> caughtUp(place, caughtUp);
            case Event.SessionLost lost -> entrance.lost(place.session(), Closing.of(lost).reason());
        };
    }

    private List<Step> grew(Place place, Event.ReplyGrew grew) {
        if (place.missed().isPresent()) {
            place.missed().get().grow(grew);
            return List.of();
        }
        return place.streams(grew.reply()) ? List.of(new Step.Send(new Outgoing.Growing(grew))) : List.of();
    }

    private List<Step> presence(Place place, Event.PresenceChanged presence) {
        if (state.mine(presence.user())) {
            return List.of();
        }
        List<Step> steps = new ArrayList<>(2);
        boolean news = presence.online() ? place.came(presence.user()) : place.went(presence.user());
        if (news) {
            steps.add(GatewayFrames.kept(shared.arrival(presence)));
        }
        steps.add(hint("presence " + place.session() + " " + presence.user(), shared.presence(presence)));
        return steps;
    }

    private List<Step> caughtUp(Place place, Event.CaughtUp caughtUp) {
        if (place.missed().isEmpty()) {
            return caughtUp.recovered() ? List.of() : List.of(frames.reload(place.session()));
        }
        Missed missed = place.missed().get();
        place.caughtUp();
        List<Step> steps = new ArrayList<>(
                entrance.joined(place, missed.before(caughtUp.position()), caughtUp.position(),
                        caughtUp.recovered() && missed.whole(),
                        missed.messages()));
        for (Event.Happened happened : missed.changes()) {
            steps.addAll(happened.change().body() instanceof Change.ReplyEnded ended
                    ? endedBefore(place, happened, ended.message())
                    : happened(place, happened));
        }
        missed.growing().forEach(grown -> steps.addAll(grew(place, grown)));
        return steps;
    }

    private List<Step> happened(Place place, Event.Happened happened) {
        if (place.missed().isPresent()) {
            place.missed().get().add(happened);
            return List.of();
        }
        Change change = happened.change();
        return switch (change.body()) {
            case Change.SessionOpened opened -> List.of();
            case Change.SessionChanged changed -> {
                place.adopt(changed.session());
                yield told(shared.changed(happened, changed.session(), changed.by()));
            }
            case Change.SessionClosed closed -> List.of();
            case Change.MemberJoined joined -> !state.mine(joined.user()) && place.came(joined.user())
                    ? told(shared.joined(happened, joined))
                    : List.of();
            case Change.MemberLeft left -> !state.mine(left.user()) && place.went(left.user())
                    ? told(shared.left(happened, left))
                    : List.of();
            case Change.MessageAdded added -> added.message().deleted()
                    ? List.of()
                    : told(shared.message(happened, added.message(), place.project()));
            case Change.MessageEdited edited -> edited.message().deleted()
                    ? List.of()
                    : told(shared.edited(happened, edited.message(), edited.by(), place.project()));
            case Change.MessageDeleted deleted -> told(shared.deleted(happened, deleted.message(), deleted.by()));
            case Change.ReactionChanged reaction -> told(shared.reaction(happened, reaction));
            case Change.FeedbackGiven feedback -> List.of();
            case Change.ReceiptGiven given -> receipt(happened, given);
            case Change.ReplyStarted started -> {
                if (started.message().running()) {
                    state.runs(started.message().id(), place.session());
                }
                yield List.of();
            }
            case Change.ReplyEnded ended -> ended(place, happened, ended.message());
            case Change.AttachmentAdded added -> added.attachment()
                    .map(file -> told(shared.attached(happened, file, added.by())))
                    .orElse(List.of());
            case Change.AttachmentRemoved removed -> told(shared.detached(happened, removed));
            case Change.AttachmentsChanged changed -> changed.message().deleted()
                    ? List.of()
                    : told(shared.edited(happened, changed.message(), changed.by(), place.project()));
        };
    }

    private List<Step> receipt(Event.Happened happened, Change.ReceiptGiven given) {
        if (given.receipt() == Receipt.READ) {
            return told(shared.seen(happened, given.message(), given.user()));
        }
        return given.message().author().is(state.principal().user())
                ? told(shared.delivered(happened, given.message(), given.user()))
                : List.of();
    }

    private List<Step> ended(Place place, Event.Happened happened, Message reply) {
        place.ended(reply.id());
        state.ended(reply.id());
        List<Step> steps = new ArrayList<>(2);
        reply.reply().ifPresent(facts -> {
            if (facts.status() == ReplyStatus.COMPLETED) {
                steps.add(GatewayFrames.kept(shared.lastChunk(happened, reply)));
            }
            steps.add(GatewayFrames.kept(shared.ended(happened, reply, facts, state.language())));
        });
        return steps;
    }

    /** A reply that ended while the client was away is a message like any other. */
    private List<Step> endedBefore(Place place, Event.Happened happened, Message reply) {
        place.ended(reply.id());
        state.ended(reply.id());
        return Missed.isMessage(happened.change()) ? told(shared.message(happened, reply, place.project())) : List.of();
    }

    private static List<Step> told(Frame frame) {
        return List.of(GatewayFrames.kept(frame));
    }

    private static Step hint(String key, Frame frame) {
        return new Step.Send(new Outgoing.Replaceable("/chat " + key, frame));
    }
}
