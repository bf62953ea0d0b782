package dev.parley.protocols.rooms;

import dev.parley.application.Following;
import dev.parley.application.Link;
import dev.parley.application.command.Changed;
import dev.parley.application.command.Command;
import dev.parley.application.command.Nothing;
import dev.parley.application.command.Outcome;
import dev.parley.application.command.Sent;
import dev.parley.application.event.Event;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.FileName;
import dev.parley.domain.attachment.MimeType;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.attachment.Upload;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.session.Member;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Several sessions without an engine: does what commands say in the plainest way and tells it as events. */
final class Town {

    static final UserId ANA = new UserId("ana");

    final List<Command<?>> asked = new ArrayList<>();
    final Deque<Outcome.Refusal> refusals = new ArrayDeque<>();
    final Deque<Outcome.Refusal> frameRefusals = new ArrayDeque<>();
    final Deque<Outcome.Refusal> sendRefusals = new ArrayDeque<>();
    final Map<SessionId, House> houses = new LinkedHashMap<>();
    private final List<Event> events = new ArrayList<>();
    private final Map<AttachmentId, Upload> uploads = new LinkedHashMap<>();
    private final TreeSet<Integer> pieces = new TreeSet<>();
    Instant now;
    private int messages;
    private int replies;

    Town(Instant now) {
        this.now = now;
    }

    /** What has happened since this was asked last. */
    List<Event> takeEvents() {
        List<Event> taken = List.copyOf(events);
        events.clear();
        return taken;
    }

    void tell(Event event) {
        events.add(event);
    }

    House house(String id) {
        return houses.get(new SessionId(id));
    }

    House build(SessionId id, Visibility visibility, UserId owner, String title) {
        Session session = Session.fresh(
                id, Optional.of(new Member(owner, name(owner), now)), visibility, Optional.empty(), now)
                .withTitle(title);
        House house = new House(this, session);
        houses.put(id, house);
        return house;
    }

    MessageId nextMessage() {
        return new MessageId("m" + ++messages);
    }

    MessageId nextReply() {
        return new MessageId("r" + ++replies);
    }

    static String name(UserId user) {
        return Character.toUpperCase(user.value().charAt(0)) + user.value().substring(1);
    }

    @SuppressWarnings("unchecked")
    <R> Outcome<R> handle(Command<R> command) {
        asked.add(command);
        Deque<Outcome.Refusal> refusing = switch (command) {
            case Command.Charge charge -> frameRefusals;
            case Command.SendMessage send when !sendRefusals.isEmpty() -> sendRefusals;
            default -> refusals;
        };
        if (!refusing.isEmpty()) {
            return new Outcome.Refused<>(refusing.poll());
        }
        try {
            return (Outcome<R>) Outcome.done(answer(command));
        } catch (Refusal refusal) {
            return Outcome.refused(refusal.code, "Expected something else");
        }
    }

    Outcome<Following> follow(SessionId session, Link.From from) {
        return Outcome.done(existing(session).follow(from));
    }

    private Object answer(Command<?> command) {
        return switch (command) {
            case Command.EnterSession enter -> enter(enter);
            case Command.CloseSession close -> {
                House house = existing(close.session());
                house.close(ANA);
                yield house.session();
            }
            case Command.PurgeSession purge -> {
                houses.remove(purge.session());
                yield Nothing.NOTHING;
            }
            case Command.AddMember add -> existing(add.session()).join(add.user());
            case Command.RemoveMember remove -> existing(remove.session()).leave(remove.user(), ANA);
            case Command.SendMessage send -> send(send);
            case Command.StopReplies stop -> new Command.Stopped(existing(stop.session()).stop(stop.message()));
            case Command.MarkReceived mark -> {
                House house = houseOf(mark.message());
                Message marked = house.receive(ANA, mark.message(), mark.receipt());
                yield new Changed(marked, Optional.empty(), house.session().position());
            }
            case Command.GetMessage get -> houseOf(get.message()).messages.get(get.message());
            case Command.BeginUpload begin -> begin(begin);
            case Command.AddChunk chunk -> {
                if (!uploads.containsKey(chunk.upload())) {
                    throw new Refusal(ErrorCode.NOT_FOUND);
                }
                pieces.add(chunk.index());
                yield new Command.ChunkAdded(
                        chunk.upload(), chunk.index(), pieces.size(), chunk.bytes().remaining());
            }
            case Command.FinishUpload finish -> finish(finish);
            case Command.SetTyping typing -> Nothing.NOTHING;
            case Command.Charge charge -> Nothing.NOTHING;
            default -> throw new AssertionError("Expected no " + command);
        };
    }

    private Command.Uploading begin(Command.BeginUpload begin) {
        AttachmentId id = begin.upload().orElse(new AttachmentId("f" + (uploads.size() + 1)));
        Upload upload = uploads.computeIfAbsent(id, fresh -> new Upload(
                fresh,
                ANA,
                begin.session(),
                FileName.of(begin.fileName()),
                MimeType.of(begin.mimeType()),
                begin.size(),
                begin.exact(),
                now,
                now));
        return new Command.Uploading(upload, List.copyOf(pieces), 1 << 20);
    }

    private Command.Uploaded finish(Command.FinishUpload finish) {
        Upload upload = uploads.get(finish.upload());
        if (upload == null) {
            throw new Refusal(ErrorCode.NOT_FOUND);
        }
        Sha256 hash = finish.sha256().orElse(Sha256.of(new byte[0]));
        Attachment file = upload.finished(upload.mimeType(), upload.size(), hash, now);
        upload.session().ifPresent(session -> existing(session).attach(file));
        return new Command.Uploaded(file, upload.session());
    }

    private Command.Entered enter(Command.EnterSession enter) {
        House there = houses.get(enter.session());
        if (there == null) {
            House built = build(enter.session(), enter.visibility(), ANA, enter.title().orElse(""));
            return new Command.Entered(built.session(), true);
        }
        if (there.session().closed()) {
            throw new Refusal(ErrorCode.GONE);
        }
        if (!there.session().has(ANA)) {
            if (there.session().visibility() != Visibility.SHARED) {
                throw new Refusal(ErrorCode.FORBIDDEN);
            }
            there.join(ANA);
        }
        return new Command.Entered(there.session(), false);
    }

    private Sent send(Command.SendMessage send) {
        House house = existing(send.session());
        Optional<Message> before = house.messages.values()
                .stream()
                .filter(message -> send.clientId().isPresent()
                        && message.clientId().equals(send.clientId())
                        && message.content().equals(send.content()))
                .findFirst();
        if (before.isPresent()) {
            return new Sent(before.get(), Optional.empty(), house.session().position(), true);
        }
        Message said = house.say(ANA, send.content(), send.clientId());
        MessageId reply = house.request(said);
        return new Sent(said, Optional.of(reply), house.session().position(), false);
    }

    private House existing(SessionId id) {
        House house = houses.get(id);
        if (house == null) {
            throw new Refusal(ErrorCode.NOT_FOUND);
        }
        return house;
    }

    /** Where a message is. */
    House houseOf(MessageId message) {
        return houses.values()
                .stream()
                .filter(house -> house.messages.containsKey(message))
                .findFirst()
                .orElseThrow(() -> new Refusal(ErrorCode.NOT_FOUND));
    }

    void happened(SessionId session, Change change) {
        events.add(new Event.Happened(change));
        if (change.body() instanceof Change.ReplyEnded ended
                && ended.message().reply().orElseThrow().status() == ReplyStatus.RUNNING) {
            throw new AssertionError("Expected an end in " + session);
        }
    }

    /** Thrown where the access table or a store would refuse. */
    static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final ErrorCode code;

        Refusal(ErrorCode code) {
            this.code = code;
        }
    }
}
