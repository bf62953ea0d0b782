package dev.parley.protocols.rooms;

import dev.parley.application.Following;
import dev.parley.application.Link;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import dev.parley.protocols.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** How a connection comes into rooms and conversations, and stays in a bounded number of them. */
final class Entrance {

    private final RoomsState state;
    private final RoomFrames frames;

    Entrance(RoomsState state, RoomFrames frames) {
        this.state = state;
        this.frames = frames;
    }

    /**
     * Comes in, where it is not in yet, and goes on.
     *
     * @param room whether the client is told that it is in
     * @param refused what is done where it may not
     */
    List<Step> enter(
            Command.EnterSession command,
            boolean room,
            Supplier<List<Step>> then,
            Function<Outcome.Refusal, List<Step>> refused) {
        Optional<Place> there = state.place(command.session());
        if (there.isPresent()) {
            if (room) {
                there.get().becomeRoom();
            }
            return then.get();
        }
        Command<Command.Entered> enter = command;
        return List.of(new Step.Ask<>(enter, outcome -> switch (outcome) {
            case Outcome.Done<Command.Entered> done -> follow(command.session(), room, then, refused);
            case Outcome.Refused<Command.Entered> no -> refused.apply(no.refusal());
        }));
    }

    /** Comes into a room that it may be in already, and is told how it stands. */
    List<Step> join(Command.EnterSession command, Function<Outcome.Refusal, List<Step>> refused) {
        Optional<Place> there = state.place(command.session());
        if (there.isEmpty()) {
            return enter(command, true, List::of, refused);
        }
        Command<Command.Entered> enter = command;
        return List.of(new Step.Ask<>(enter, outcome -> switch (outcome) {
            case Outcome.Done<Command.Entered> done -> {
                there.get().becomeRoom();
                yield List.of(frames.joined(state, done.value().session(), Optional.empty(), state.now()));
            }
            case Outcome.Refused<Command.Entered> no -> refused.apply(no.refusal());
        }));
    }

    static Command.EnterSession opening(SessionId session, Visibility visibility, Optional<String> title) {
        return new Command.EnterSession(session, visibility, Optional.empty(), title);
    }

    private List<Step> follow(
            SessionId session,
            boolean room,
            Supplier<List<Step>> then,
            Function<Outcome.Refusal, List<Step>> refused) {
        List<Step> steps = new ArrayList<>(2);
        if (state.full()) {
            Optional<SessionId> quiet = state.quietest();
            if (quiet.isEmpty()) {
                return refused.apply(new Outcome.Refusal(
                        ErrorCode.BUSY,
                        "Expected at most " + RoomsState.MAX_PLACES + " rooms on one connection",
                        Optional.empty()));
            }
            state.exit(quiet.get());
            steps.add(new Step.Unfollow(quiet.get()));
        }
        steps.add(new Step.Follow(session, new Link.From.LastHere(), outcome -> switch (outcome) {
            case Outcome.Done<Following> done -> {
                state.enter(done.value().session(), room);
                List<Step> more = new ArrayList<>();
                if (room) {
                    more.add(frames.joined(
                            state, done.value().session(), Optional.of(done.value()), state.now()));
                }
                more.addAll(then.get());
                yield more;
            }
            case Outcome.Refused<Following> no -> refused.apply(no.refusal());
        }));
        return steps;
    }
}
