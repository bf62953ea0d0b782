package dev.parley.protocols.rooms;

import dev.parley.application.command.Command;
import dev.parley.application.command.Nothing;
import dev.parley.application.command.Outcome;
import dev.parley.application.command.Repeat;
import dev.parley.application.command.Sent;
import dev.parley.domain.IdSource;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import dev.parley.protocols.Step;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Chat frames and what ends their answers. */
final class Conversing {

    /** Clients use the names of their messages again after a restart; a name and its words mean the same for so long. */
    private static final Duration REPEATS = Duration.ofMinutes(10);

    private final RoomsState state;
    private final IdSource ids;
    private final RoomsSettings settings;
    private final RoomFrames frames;
    private final Entrance entrance;

    Conversing(RoomsState state, IdSource ids, RoomsSettings settings, RoomFrames frames, Entrance entrance) {
        this.state = state;
        this.ids = ids;
        this.settings = settings;
        this.frames = frames;
        this.entrance = entrance;
    }

    List<Step> say(Said said) {
        RoomFrames.About about = new RoomFrames.About(said.ownId(), said.place());
        if (said.place().isEmpty()) {
            return said.ownId().isPresent() ? beginOrRepeat(said) : begin(said);
        }
        SessionId place = said.place().get();
        return entrance.enter(
                Entrance.opening(place, said.room() ? settings.visibility() : Visibility.PRIVATE, Optional.empty()),
                said.room(),
                () -> send(said, place, false),
                refusal -> List.of(frames.error(state, refusal, about)));
    }

    /**
     * A frame that begins a conversation may be sent again by a client that missed the answer: it then means the conversation
     * that it began. So the conversation's id follows from who says what under which name, unless that was long ago.
     */
    private List<Step> beginOrRepeat(Said said) {
        SessionId id = new SessionId("c-" + digest(
                state.principal().user().value(), said.ownId().orElse(""), said.text()));
        Command<Command.Entered> enter = Entrance.opening(id, Visibility.PRIVATE, Optional.empty());
        return List.of(new Step.Ask<>(enter, outcome -> switch (outcome) {
            case Outcome.Done<Command.Entered>(Command.Entered entered) when entered.created() -> begin(said, id, true);
            case Outcome.Done<Command.Entered>(Command.Entered entered) when recent(entered.session()) ->
                    begin(said, id, false);
            case Outcome.Done<Command.Entered> old -> begin(said);
            case Outcome.Refused<Command.Entered> taken -> begin(said);
        }));
    }

    private boolean recent(Session session) {
        return session.ownedBy(state.principal().user())
                && state.now().isBefore(session.startedAt().plus(REPEATS));
    }

    private List<Step> begin(Said said) {
        return begin(said, new SessionId(ids.next()), true);
    }

    private List<Step> begin(Said said, SessionId conversation, boolean made) {
        return entrance.enter(
                Entrance.opening(conversation, Visibility.PRIVATE, Optional.empty()),
                false,
                () -> send(said, conversation, made),
                refusal -> List.of(frames.error(state, refusal, new RoomFrames.About(said.ownId(), Optional.empty()))));
    }

    /** {@code made} whether the place was made for this message alone: then it goes with it when it is refused */
    private List<Step> send(Said said, SessionId place, boolean made) {
        Command<Sent> command = new Command.SendMessage(
                place,
                said.text(),
                said.ownId(),
                new Repeat.Within(REPEATS),
                Optional.empty(),
                ClientMetadata.NONE,
                Optional.of(said.ask()),
                said.files());
        return List.of(new Step.Ask<>(command, outcome -> switch (outcome) {
            case Outcome.Done<Sent>(Sent sent) -> {
                if (!sent.duplicate()) {
                    state.said(sent.message().id());
                    // A stop may come before the news that the answer was asked for.
                    sent.reply().ifPresent(reply -> state.runs(reply, place));
                }
                said.ownId()
                        .ifPresent(own -> state.asked(
                                own, new RoomsState.Asked(place, sent.message().id(), sent.reply())));
                yield List.of(frames.stored(said.ownId(), sent.message()));
            }
            case Outcome.Refused<Sent>(Outcome.Refusal refusal) -> {
                Step error = frames.error(state, refusal, new RoomFrames.About(said.ownId(), said.place()));
                yield made ? List.of(error, new Step.Unfollow(place), unmake(place)) : List.of(error);
            }
        }));
    }

    private Step unmake(SessionId place) {
        state.exit(place);
        Command<Nothing> purge = new Command.PurgeSession(place);
        return new Step.Ask<>(purge, outcome -> List.of());
    }

    /**
     * Ends what runs or waits: the answer that is named, or the answer to the client's own message that is named; without a name
     * all of a place; without a place whatever this client asked for.
     */
    List<Step> stop(Optional<String> named, Optional<SessionId> place, RoomFrames.About about) {
        if (named.isPresent()) {
            return stop(named.get(), place, about);
        }
        if (place.isPresent()) {
            return stop(place.get(), Optional.empty(), about);
        }
        List<Step> steps = new ArrayList<>();
        for (RoomsState.Asked asked : state.unanswered()) {
            steps.addAll(stop(asked.session(), Optional.of(asked.question()), about));
        }
        return steps.isEmpty() ? List.of(frames.stopped(List.of())) : steps;
    }

    private List<Step> stop(String named, Optional<SessionId> place, RoomFrames.About about) {
        Optional<RoomsState.Asked> own = state.asked(named);
        if (own.isPresent()) {
            return stop(own.get().session(), Optional.of(own.get().question()), about);
        }
        MessageId message = RoomFields.message(named);
        Optional<SessionId> known = place.or(() -> state.runsIn(message));
        if (known.isPresent()) {
            return stop(known.get(), Optional.of(message), about);
        }
        Command<Message> find = new Command.GetMessage(message);
        return List.of(new Step.Ask<>(find, outcome -> switch (outcome) {
            case Outcome.Done<Message> done -> stop(done.value().session(), Optional.of(message), about);
            case Outcome.Refused<Message> no -> List.of(frames.error(state, no.refusal(), about));
        }));
    }

    private List<Step> stop(SessionId session, Optional<MessageId> message, RoomFrames.About about) {
        Command<Command.Stopped> command = new Command.StopReplies(session, message);
        return List.of(new Step.Ask<>(command, outcome -> switch (outcome) {
            case Outcome.Done<Command.Stopped> done -> List.of(frames.stopped(done.value().replies()));
            case Outcome.Refused<Command.Stopped> no -> List.of(frames.error(state, no.refusal(), about));
        }));
    }

    private static String digest(String... parts) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                sha.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
                sha.update(bytes);
            }
            return HexFormat.of().formatHex(sha.digest(), 0, 16);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("Expected SHA-256, which every Java platform has", missing);
        }
    }
}
