package dev.parley.protocols.chat;

import dev.parley.application.Following;
import dev.parley.application.Link;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.event.Event;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.project.ProjectId;
import dev.parley.domain.session.Visibility;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.ProtocolSession;
import dev.parley.protocols.Step;
import dev.parley.protocols.json.FieldException;
import dev.parley.protocols.json.Fields;
import dev.parley.protocols.json.JsonReader;
import dev.parley.protocols.json.JsonReading;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One client's side of the native protocol. */
final class ChatSession implements ProtocolSession {

    private final ChatState state;
    private final ChatSettings settings;
    private final JsonReader reader;
    private final ChatFrames frames;
    private final EventFrames shared;
    private final ChatRequests requests;
    private final ChatEvents events;
    private boolean open;

    /** {@code connected} false for a session that takes frames one by one and follows nothing */
    ChatSession(
            ChatState state,
            ChatSettings settings,
            JsonReader reader,
            ChatFrames frames,
            EventFrames shared,
            boolean connected) {
        this.state = state;
        this.settings = settings;
        this.reader = reader;
        this.frames = frames;
        this.shared = shared;
        this.requests = new ChatRequests(state, frames, connected);
        this.events = new ChatEvents(state, frames, shared);
        this.open = !connected;
    }

    @Override
    public List<Step> opened(Instant now) {
        Command<Command.Entered> enter;
        try {
            enter = new Command.EnterSession(state.session(), visibility(), project());
        } catch (FieldException wrong) {
            return unopened(new Outcome.Refusal(ErrorCode.BAD_REQUEST, wrong.detail(), Optional.empty()));
        }
        return List.of(new Step.Ask<>(enter, outcome -> switch (outcome) {
            case Outcome.Done<Command.Entered> entered -> follow(now);
            case Outcome.Refused<Command.Entered> refused -> unopened(refused.refusal());
        }));
    }

    private List<Step> follow(Instant now) {
        Optional<String> since = state.handshake.parameter("since");
        Optional<Link.From.Position> position = since.flatMap(Cursor::parse)
                .map(cursor -> cursor.with(streams()).from());
        // A cursor that means nothing is not the client's fault for ever: it is told to load anew.
        boolean lost = since.isPresent() && position.isEmpty();
        Link.From from = position.isPresent() ? position.get() : new Link.From.Now();
        return List.of(new Step.Follow(state.session(), from, outcome -> switch (outcome) {
            case Outcome.Done<Following> done -> open(done.value(), position.isPresent(), lost, now);
            case Outcome.Refused<Following> refused -> unopened(refused.refusal());
        }));
    }

    private List<Step> open(Following following, boolean behind, boolean lost, Instant now) {
        open = true;
        state.adopt(following.session());
        List<Step> steps = new ArrayList<>(2);
        steps.add(frames.connected(state, following, !behind, now));
        if (!behind) {
            state.told(following.position());
        }
        if (lost) {
            steps.add(frames.resumed(false, following.position(), true));
        }
        return steps;
    }

    @Override
    public List<Step> received(Frame frame, Instant now) {
        if (!open || state.leaving()) {
            return List.of();
        }
        return switch (reader.read(frame.utf8())) {
            case JsonReading.Read read -> requests.take(read.object(), now);
            case JsonReading.Unreadable unreadable -> requests.unreadable(unreadable.detail());
            case JsonReading.Hostile hostile -> frames.leave(state, Closing.because(hostile.reason()));
        };
    }

    @Override
    public List<Step> happened(Event event, Instant now) {
        return open && !state.leaving() ? events.tell(event, now) : List.of();
    }

    @Override
    public List<Step> closing(Closing why, Instant now) {
        List<Step> steps = frames.leave(state, why);
        return steps.subList(0, steps.size() - 1);
    }

    @Override
    public List<Step> heartbeat(Instant now) {
        return List.of();
    }

    @Override
    public Frame encode(Event.ReplyGrew grown) {
        return shared.chunk(grown);
    }

    private List<Step> unopened(Outcome.Refusal refusal) {
        state.leave();
        return List.of(
                frames.error(state, refusal, Optional.empty(), Optional.empty()),
                new Step.Close(Closing.of(refusal)));
    }

    private Visibility visibility() {
        return state.handshake
                .parameter("visibility")
                .map(word -> Fields.constant(Visibility.class, "visibility", word))
                .orElse(settings.visibility());
    }

    private Optional<ProjectId> project() {
        return state.handshake.parameter("project_id").map(id -> Fields.checked(() -> new ProjectId(id)));
    }

    private Map<MessageId, Long> streams() {
        return state.handshake.parameter("streams").flatMap(Cursor::parseShown).orElse(Map.of());
    }
}
