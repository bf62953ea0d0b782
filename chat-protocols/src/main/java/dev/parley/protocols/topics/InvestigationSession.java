package dev.parley.protocols.topics;

import dev.parley.application.Link;
import dev.parley.application.Watching;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.event.Event;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.topic.TopicId;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Handshake;
import dev.parley.protocols.Outgoing;
import dev.parley.protocols.ProtocolSession;
import dev.parley.protocols.Step;
import dev.parley.protocols.json.FieldException;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonReader;
import dev.parley.protocols.json.JsonReading;
import dev.parley.protocols.json.Speech;
import dev.parley.protocols.json.Texts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** A client that is told of one investigation and has nothing to say. */
final class InvestigationSession implements ProtocolSession {

    /** Only stands for a topic where the client names none. */
    private static final TopicId NOTHING = TopicId.named("-");

    private final Handshake handshake;
    private final String named;
    private final TopicId topic;
    private final JsonReader reader;
    private final OwnFrames frames;
    private final EventFrames shared;
    private final Stamp stamp;
    private Optional<Place> place = Optional.empty();
    private boolean open;
    private boolean leaving;

    InvestigationSession(Handshake handshake, JsonReader reader, Texts texts, EventFrames shared) {
        this.handshake = handshake;
        this.named = handshake.path().getOrDefault("investigation_id", "");
        this.topic = TopicId.isName(named) ? TopicId.named(named) : NOTHING;
        this.reader = reader;
        this.frames = new OwnFrames(texts, new Speech(handshake, Texts.Language.PORTUGUESE));
        this.shared = shared;
        this.stamp = new Stamp(handshake.connection());
    }

    @Override
    public List<Step> opened(Instant now) {
        if (!TopicId.isName(named)) {
            return unopened(
                    new Outcome.Refusal(
                            ErrorCode.BAD_REQUEST,
                            "Expected an investigation id of 1 to 128 characters of A-Z a-z 0-9 . _ : -",
                            Optional.empty()),
                    now);
        }
        Optional<String> last = handshake.parameter("last_id");
        place = last.flatMap(id -> Place.parse(id, Optional.empty()));
        Optional<Long> known = place.flatMap(seen -> Optional.ofNullable(seen.topics().get(topic)));
        return List.of(new Step.Watch(
                new Link.Watched.OfTopic(topic), known.map(at -> Map.of(topic, at)), outcome -> switch (outcome) {
                    case Outcome.Done<Watching> done -> open(done.value(), last.isPresent() && known.isEmpty(), now);
                    case Outcome.Refused<Watching> refused -> unopened(refused.refusal(), now);
                }));
    }

    private List<Step> open(Watching watching, boolean lost, Instant now) {
        open = true;
        Place begins = new Place(0, Map.of(), watching.positions());
        String session = "investigation-" + topic + "-" + handshake.connection().value();
        List<Step> steps = new ArrayList<>(2);
        steps.add(kept(frames.connection(session, begins, now)));
        if (lost) {
            steps.add(kept(frames.resumed(false, now)));
        }
        return steps;
    }

    @Override
    public List<Step> received(Frame frame, Instant now) {
        if (!open || leaving) {
            return List.of();
        }
        return switch (reader.read(frame.utf8())) {
            case JsonReading.Read read -> charged(() -> take(read.object(), now), now);
            case JsonReading.Unreadable unreadable ->
                    charged(() -> refused(ErrorCode.BAD_REQUEST, unreadable.detail(), now), now);
            case JsonReading.Hostile hostile -> leave(Closing.because(hostile.reason()), now);
        };
    }

    private List<Step> take(JsonObject envelope, Instant now) {
        try {
            return switch (envelope.requiredText("type")) {
                case "ping" -> List.of(kept(frames.pong(now)));
                case "pong" -> List.of();
                default -> refused(ErrorCode.UNKNOWN_TYPE, "Expected a type that this protocol has", now);
            };
        } catch (FieldException wrong) {
            return refused(ErrorCode.BAD_REQUEST, wrong.detail(), now);
        }
    }

    private List<Step> charged(Supplier<List<Step>> steps, Instant now) {
        return List.of(new Step.Ask<>(new Command.Charge(Command.Bucket.FRAMES), outcome -> switch (outcome) {
            case Outcome.Done<?> done -> steps.get();
            case Outcome.Refused<?> refused -> refused(refused.refusal(), now);
        }));
    }

    @Override
    public List<Step> happened(Event event, Instant now) {
        if (!open || leaving) {
            return List.of();
        }
        return switch (event) {
            case Event.Published published -> List.of(kept(shared.published(published)));
            case Event.TopicsCaughtUp caughtUp -> List.of(kept(frames.resumed(caughtUp.recovered(), now)));
            case Event.TopicLost lost -> leave(Closing.because(Closing.Reason.REMOVED), now);
            case Event.Announced announced -> List.of(kept(shared.announcement(announced, now)));
            case Event.InSession inside -> List.of();
            case Event.Disconnecting ending -> List.of();
        };
    }

    @Override
    public List<Step> closing(Closing why, Instant now) {
        List<Step> steps = leave(why, now);
        return steps.subList(0, steps.size() - 1);
    }

    @Override
    public List<Step> heartbeat(Instant now) {
        return open && !leaving
                ? List.of(new Step.Send(new Outgoing.Replaceable("heartbeat", frames.heartbeat(topic, now))))
                : List.of();
    }

    @Override
    public Frame encode(Event.ReplyGrew grown) {
        throw new IllegalStateException("Expected no reply where no session is followed");
    }

    @Override
    public Frame stamped(Frame frame) {
        return stamp.put(frame);
    }

    private List<Step> refused(ErrorCode code, String detail, Instant now) {
        return refused(new Outcome.Refusal(code, detail, Optional.empty()), now);
    }

    private List<Step> refused(Outcome.Refusal refusal, Instant now) {
        return List.of(kept(frames.error(refusal, Optional.empty(), now)));
    }

    private List<Step> unopened(Outcome.Refusal refusal, Instant now) {
        leaving = true;
        Frame error = frames.error(refusal, Optional.empty(), now);
        // Who comes back with this frame's id has seen no more than before.
        Frame unmoved = new Frame(error.utf8(), place.map(Place::mark).orElse(Envelope.NONE));
        return List.of(kept(unmoved), new Step.Close(Closing.of(refusal)));
    }

    /** Says why, unless that was said before, and closes; the last step is the closing. */
    private List<Step> leave(Closing why, Instant now) {
        Step close = new Step.Close(why);
        boolean silent = leaving || why.reason() == Closing.Reason.ASKED;
        leaving = true;
        return silent ? List.of(close) : List.of(kept(frames.disconnect(why, now)), close);
    }

    private static Step kept(Frame frame) {
        return new Step.Send(new Outgoing.Kept(frame));
    }
}
