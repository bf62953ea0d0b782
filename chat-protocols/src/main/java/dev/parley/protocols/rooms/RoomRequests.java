package dev.parley.protocols.rooms;

import dev.parley.application.command.Changed;
import dev.parley.application.command.Command;
import dev.parley.application.command.Nothing;
import dev.parley.application.command.Outcome;
import dev.parley.domain.IdSource;
import dev.parley.domain.access.UserId;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.Step;
import dev.parley.protocols.json.FieldException;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** What a client's frames ask for. */
final class RoomRequests {

    private final RoomsState state;
    private final RoomsSettings settings;
    private final RoomFrames frames;
    private final Entrance entrance;
    private final Conversing conversing;
    private final Uploads uploads;

    RoomRequests(RoomsState state, IdSource ids, RoomsSettings settings, RoomFrames frames) {
        this.state = state;
        this.settings = settings;
        this.frames = frames;
        this.entrance = new Entrance(state, frames);
        this.conversing = new Conversing(state, ids, settings, frames, entrance);
        this.uploads = new Uploads(state, frames, this::charged);
    }

    /** Comes into the room that the address names. */
    List<Step> address() {
        Optional<String> named = state.handshake.parameter("room_id");
        if (named.isEmpty()) {
            return List.of();
        }
        return parsed(
                RoomFrames.About.NOTHING,
                () -> join(
                        RoomFields.session("room_id", named.get()),
                        state.handshake.parameter("room_type"),
                        state.handshake.parameter("room_name"),
                        Optional.empty()));
    }

    /** What one frame wants done; whatever is wrong with it is answered. */
    List<Step> take(JsonObject frame) {
        Optional<String> ownId = Optional.empty();
        String type;
        try {
            ownId = RoomFields.ownId(frame);
            type = frame.requiredText("type");
        } catch (FieldException wrong) {
            return charged(new RoomFrames.About(ownId, Optional.empty()), bad(wrong));
        }
        return take(type, frame, new RoomFrames.About(ownId, Optional.empty()));
    }

    /** Answers what is no frame at all. */
    List<Step> unreadable(String detail) {
        return charged(RoomFrames.About.NOTHING, bad(new FieldException(detail)));
    }

    private List<Step> take(String type, JsonObject frame, RoomFrames.About about) {
        return switch (type) {
            case "chat" -> charged(about, () -> conversing.say(RoomFields.said(frame)));
            case "join_room" -> charged(about, () -> join(frame, about));
            case "leave_room" -> parsed(about, () -> leave(RoomFields.requiredRoom(frame)));
            case "delete_room" -> charged(about, () -> delete(RoomFields.requiredRoom(frame), about));
            case "add_member" -> charged(about, () -> add(frame, about));
            case "remove_member" -> charged(about, () -> remove(frame, about));
            case "typing" -> typing(frame, about);
            case "stop" -> parsed(about, () -> stop(frame, about));
            case "delivery_confirmation" -> charged(about, () -> received(frame, about));
            case "file_upload" -> uploads.take(frame, about);
            case "system" -> List.of();
            default -> charged(about, () -> List.of(frames.error(
                    state,
                    new Outcome.Refusal(
                            ErrorCode.UNKNOWN_TYPE, "Expected a type that this protocol has", Optional.empty()),
                    about)));
        };
    }

    private List<Step> join(JsonObject frame, RoomFrames.About about) {
        JsonObject data = RoomFields.data(frame);
        return join(
                RoomFields.requiredRoom(frame), data.text("room_type"), data.text("room_name"), about.ownId());
    }

    private List<Step> join(
            SessionId room, Optional<String> type, Optional<String> name, Optional<String> ownId) {
        RoomFrames.About about = new RoomFrames.About(ownId, Optional.of(room));
        return entrance.join(
                Entrance.opening(room, RoomFields.roomType(type).orElse(settings.visibility()), name),
                refusal -> List.of(frames.error(state, refusal, about)));
    }

    /** Ends only what this connection is told: who leaves a room goes on to belong to it. */
    private List<Step> leave(SessionId room) {
        return gone(room, frames.left(room));
    }

    private List<Step> delete(SessionId room, RoomFrames.About about) {
        Command<Session> command = new Command.CloseSession(room);
        return ask(command, about.in(room), closed -> gone(room, frames.deleted(room)));
    }

    private List<Step> gone(SessionId room, Step confirmation) {
        List<Step> steps = new ArrayList<>(2);
        if (state.in(room)) {
            state.exit(room);
            steps.add(new Step.Unfollow(room));
        }
        steps.add(confirmation);
        return steps;
    }

    private List<Step> add(JsonObject frame, RoomFrames.About about) {
        SessionId room = RoomFields.requiredRoom(frame);
        UserId user = RoomFields.requiredUser(RoomFields.data(frame));
        Command<Session> command = new Command.AddMember(room, user);
        return ask(command, about.in(room), session -> {
            if (state.in(room)) {
                state.changed(session, user, true);
            }
            return List.of(frames.members("add_member", session, user));
        });
    }

    private List<Step> remove(JsonObject frame, RoomFrames.About about) {
        SessionId room = RoomFields.requiredRoom(frame);
        UserId user = RoomFields.requiredUser(RoomFields.data(frame));
        Command<Session> command = new Command.RemoveMember(room, user);
        return ask(command, about.in(room), session -> {
            Step confirmation = frames.members("remove_member", session, user);
            if (state.mine(user) && !state.principal().admin()) {
                return gone(room, confirmation);
            }
            if (state.in(room)) {
                state.changed(session, user, false);
            }
            return List.of(confirmation);
        });
    }

    /** Where no room is named it is meant for the only place there is, and for nobody where there is none or several. */
    private List<Step> typing(JsonObject frame, RoomFrames.About about) {
        Supplier<List<Step>> set = () -> {
            JsonObject data = RoomFields.data(frame);
            boolean active = data.truth("is_typing").orElse(true);
            Optional<SessionId> place =
                    RoomFields.room(frame).or(() -> RoomFields.conversation(data)).or(state::only);
            if (place.isEmpty()) {
                return List.of();
            }
            Command<Nothing> command = new Command.SetTyping(place.get(), active);
            return ask(command, about.in(place.get()), nothing -> List.of());
        };
        boolean ends = frame.get("data")
                .filter(data -> data instanceof JsonObject object
                        && object.get("is_typing").filter(new JsonValue.Truth(false)::equals).isPresent())
                .isPresent();
        return ends ? parsed(about, set) : charged(about, set);
    }

    private List<Step> stop(JsonObject frame, RoomFrames.About about) {
        JsonObject data = RoomFields.data(frame);
        Optional<SessionId> place = RoomFields.room(frame).or(() -> RoomFields.conversation(data));
        return conversing.stop(RoomFields.ownId(data), place, about);
    }

    private List<Step> received(JsonObject frame, RoomFrames.About about) {
        JsonObject data = RoomFields.data(frame);
        String message = RoomFields.ownId(data)
                .orElseThrow(() -> new FieldException("Expected message_id, found none"));
        Command<Changed> command = new Command.MarkReceived(
                Optional.empty(), RoomFields.message(message), RoomFields.receipt(data));
        return ask(command, about, changed -> List.of());
    }

    private <R> List<Step> ask(Command<R> command, RoomFrames.About about, Function<R, List<Step>> then) {
        return List.of(new Step.Ask<>(command, outcome -> switch (outcome) {
            case Outcome.Done<R> done -> then.apply(done.value());
            case Outcome.Refused<R> refused -> List.of(frames.error(state, refused.refusal(), about));
        }));
    }

    private List<Step> charged(RoomFrames.About about, Supplier<List<Step>> steps) {
        Command<Nothing> charge = new Command.Charge(Command.Bucket.FRAMES);
        return ask(charge, about, nothing -> parsed(about, steps));
    }

    private List<Step> parsed(RoomFrames.About about, Supplier<List<Step>> steps) {
        try {
            return steps.get();
        } catch (FieldException wrong) {
            return List.of(frames.error(
                    state, new Outcome.Refusal(ErrorCode.BAD_REQUEST, wrong.detail(), Optional.empty()), about));
        }
    }

    private static Supplier<List<Step>> bad(FieldException wrong) {
        return () -> {
            throw wrong;
        };
    }
}
