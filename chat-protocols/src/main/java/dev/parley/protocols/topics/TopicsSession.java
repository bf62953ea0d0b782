package dev.parley.protocols.topics;

import dev.parley.application.Following;
import dev.parley.application.Link;
import dev.parley.application.Watching;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.event.Event;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.topic.TopicId;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Handshake;
import dev.parley.protocols.Outgoing;
import dev.parley.protocols.ProtocolSession;
import dev.parley.protocols.Step;
import dev.parley.protocols.json.JsonReader;
import dev.parley.protocols.json.JsonReading;
import dev.parley.protocols.json.Speech;
import dev.parley.protocols.json.Texts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** One of a session's connections. */
final class TopicsSession implements ProtocolSession {

    /** Only stands for a session where texts are chosen. */
    private static final SessionId NOWHERE = new SessionId("-");

    private final Handshake handshake;
    private final String named;
    private final TopicsSettings settings;
    private final JsonReader reader;
    private final OwnFrames frames;
    private final EventFrames shared;
    private final Stamp stamp;
    private final TopicsState state;
    private final TopicsRequests requests;
    private final TopicsEvents events;
    private Optional<Place> place = Optional.empty();
    private boolean open;

    TopicsSession(
            Handshake handshake, TopicsSettings settings, JsonReader reader, Texts texts, EventFrames shared) {
        this.handshake = handshake;
        this.named = handshake.path().getOrDefault("session_id", "");
        this.settings = settings;
        this.reader = reader;
        Speech speech = new Speech(handshake, Texts.Language.PORTUGUESE);
        this.frames = new OwnFrames(texts, speech);
        this.shared = shared;
        this.stamp = new Stamp(handshake.connection());
        this.state = new TopicsState(handshake, SessionId.isValid(named) ? new SessionId(named) : NOWHERE, speech);
        this.requests = new TopicsRequests(state, frames);
        this.events = new TopicsEvents(state, frames, shared);
    }

    @Override
    public List<Step> opened(Instant now) {
        state.at(now);
        if (!SessionId.isValid(named)) {
            return unopened(new Outcome.Refusal(
                    ErrorCode.BAD_REQUEST,
                    "Expected a session id of 1 to 128 characters of A-Z a-z 0-9 . _ : -",
                    Optional.empty()));
        }
        Command<Command.Entered> enter =
                new Command.EnterSession(state.session, settings.visibility(), Optional.empty());
        Optional<String> last = handshake.parameter("last_id");
        place = last.flatMap(id -> Place.parse(id, Optional.of(state.session)));
        return List.of(new Step.Ask<>(enter, outcome -> switch (outcome) {
            case Outcome.Done<Command.Entered> entered -> place.filter(
                    seen -> seen.position() <= entered.value().session().position())
                    .map(seen -> goOn(seen, new ArrayList<>(seen.shown().keySet()), new HashMap<>()))
                    .orElseGet(() -> begin(last.isPresent()));
            case Outcome.Refused<Command.Entered> refused -> unopened(refused.refusal());
        }));
    }

    /** With what happens from now on; an id that means nothing is not the client's fault for ever. */
    private List<Step> begin(boolean lost) {
        return List.of(follow(new Link.From.Now(), following -> List.of(watch(Optional.empty(), watching -> {
            state.begins(following.position());
            List<Step> steps = new ArrayList<>(connection(new Place(following.position(), Map.of(), watching.positions())));
            if (lost) {
                steps.add(state.kept(frames.resumed(false, state.now())));
            }
            return steps;
        }))));
    }

    /** After what the client has seen: first who writes the replies of which it has seen a part. */
    private List<Step> goOn(Place seen, List<MessageId> unknown, Map<MessageId, Long> shown) {
        if (!unknown.isEmpty()) {
            MessageId reply = unknown.removeLast();
            Command<Message> which = new Command.GetMessage(reply);
            return List.of(new Step.Ask<>(which, outcome -> {
                if (outcome instanceof Outcome.Done<Message>(Message message) && message.session().equals(state.session)) {
                    state.writes(reply, EventFrames.agentOf(message));
                    shown.put(reply, seen.shown().get(reply));
                }
                return goOn(seen, unknown, shown);
            }));
        }
        state.catchUp();
        state.shown(shown);
        state.begins(seen.position());
        return List.of(follow(
                new Link.From.Position(seen.position(), shown),
                following -> List.of(watch(
                        Optional.of(seen.topics()),
                        watching -> connection(new Place(seen.position(), shown, watching.positions()))))));
    }

    private Step follow(Link.From from, Function<Following, List<Step>> then) {
        return new Step.Follow(state.session, from, outcome -> switch (outcome) {
            case Outcome.Done<Following> done -> {
                state.adopt(done.value().session());
                yield then.apply(done.value());
            }
            case Outcome.Refused<Following> refused -> unopened(refused.refusal());
        });
    }

    private Step watch(
            Optional<Map<TopicId, Long>> known, Function<Watching, List<Step>> then) {
        return new Step.Watch(new Link.Watched.OfSession(state.session), known, outcome -> switch (outcome) {
            case Outcome.Done<Watching> done -> then.apply(done.value());
            case Outcome.Refused<Watching> refused -> unopened(refused.refusal());
        });
    }

    private List<Step> connection(Place begins) {
        open = true;
        return List.of(state.kept(frames.connection(state.session.value(), begins, state.now())));
    }

    @Override
    public List<Step> received(Frame frame, Instant now) {
        state.at(now);
        if (!open || state.leaving()) {
            return List.of();
        }
        return switch (reader.read(frame.utf8())) {
            case JsonReading.Read read -> requests.take(read.object());
            case JsonReading.Unreadable unreadable -> requests.unreadable(unreadable.detail());
            case JsonReading.Hostile hostile -> leave(Closing.because(hostile.reason()));
        };
    }

    @Override
    public List<Step> happened(Event event, Instant now) {
        state.at(now);
        if (!open || state.leaving()) {
            return List.of();
        }
        return event instanceof Event.SessionLost lost && lost.session().equals(state.session)
                ? leave(Closing.of(lost))
                : events.tell(event);
    }

    @Override
    public List<Step> closing(Closing why, Instant now) {
        state.at(now);
        List<Step> steps = leave(why);
        return steps.subList(0, steps.size() - 1);
    }

    /** The protocol has none of its own on this socket. */
    @Override
    public List<Step> heartbeat(Instant now) {
        state.at(now);
        return List.of();
    }

    @Override
    public Frame encode(Event.ReplyGrew grown) {
        return shared.chunk(grown, state.agent(grown.reply()), state.now());
    }

    @Override
    public Frame stamped(Frame frame) {
        return stamp.put(frame);
    }

    private List<Step> unopened(Outcome.Refusal refusal) {
        state.leave();
        Frame error = frames.error(refusal, Optional.empty(), state.now());
        // Who comes back with this frame's id has seen no more than before.
        Frame unmoved = new Frame(error.utf8(), place.map(Place::mark).orElse(Envelope.NONE));
        return List.of(new Step.Send(new Outgoing.Kept(unmoved)), new Step.Close(Closing.of(refusal)));
    }

    /** Says why, unless that was said before, and closes; the last step is the closing. */
    private List<Step> leave(Closing why) {
        Step close = new Step.Close(why);
        boolean silent = state.leaving() || why.reason() == Closing.Reason.ASKED;
        state.leave();
        return silent ? List.of(close) : List.of(state.kept(frames.disconnect(why, state.now())), close);
    }
}
