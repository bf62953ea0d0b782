package dev.parley.protocols.rooms;

import dev.parley.application.event.Event;
import dev.parley.domain.IdSource;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.ProtocolSession;
import dev.parley.protocols.Step;
import dev.parley.protocols.json.JsonReader;
import dev.parley.protocols.json.JsonReading;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** One client's side of the protocol of rooms. */
final class RoomsSession implements ProtocolSession {

    private final RoomsState state;
    private final JsonReader reader;
    private final RoomFrames frames;
    private final RoomEventFrames shared;
    private final RoomRequests requests;
    private final RoomEvents events;

    RoomsSession(
            RoomsState state,
            IdSource ids,
            RoomsSettings settings,
            JsonReader reader,
            RoomFrames frames,
            RoomEventFrames shared) {
        this.state = state;
        this.reader = reader;
        this.frames = frames;
        this.shared = shared;
        this.requests = new RoomRequests(state, ids, settings, frames);
        this.events = new RoomEvents(state, frames, shared);
    }

    @Override
    public List<Step> opened(Instant now) {
        state.now(now);
        List<Step> steps = new ArrayList<>();
        steps.add(frames.connected(state, now));
        steps.addAll(requests.address());
        return steps;
    }

    @Override
    public List<Step> received(Frame frame, Instant now) {
        if (state.leaving()) {
            return List.of();
        }
        state.now(now);
        return switch (reader.read(frame.utf8())) {
            case JsonReading.Read read -> requests.take(read.object());
            case JsonReading.Unreadable unreadable -> requests.unreadable(unreadable.detail());
            case JsonReading.Hostile hostile -> frames.leave(state, Closing.because(hostile.reason()));
        };
    }

    @Override
    public List<Step> happened(Event event, Instant now) {
        state.now(now);
        return state.leaving() ? List.of() : events.tell(event);
    }

    @Override
    public List<Step> closing(Closing why, Instant now) {
        List<Step> steps = frames.leave(state, why);
        return steps.subList(0, steps.size() - 1);
    }

    @Override
    public List<Step> heartbeat(Instant now) {
        return state.leaving() ? List.of() : List.of(frames.heartbeat(now));
    }

    @Override
    public Frame encode(Event.ReplyGrew grown) {
        return shared.chunk(grown, state.now());
    }
}
