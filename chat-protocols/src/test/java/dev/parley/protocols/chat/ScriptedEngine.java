package dev.parley.protocols.chat;

import dev.parley.application.Following;
import dev.parley.application.Link;
import dev.parley.application.command.Attach;
import dev.parley.application.command.Changed;
import dev.parley.application.command.Command;
import dev.parley.application.command.Nothing;
import dev.parley.application.command.Outcome;
import dev.parley.application.command.Sent;
import dev.parley.application.event.Event;
import dev.parley.domain.Page;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.FileName;
import dev.parley.domain.attachment.MimeType;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.limit.Usage;
import dev.parley.domain.live.Presence;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Receipt;
import dev.parley.domain.message.ReplyFacts;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.message.Role;
import dev.parley.domain.reply.StreamHead;
import dev.parley.domain.session.ClientInfo;
import dev.parley.domain.session.Member;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One session without an engine: does what commands say in the plainest way and tells it as events. */
public final class ScriptedEngine {

    public final List<Command<?>> asked = new ArrayList<>();
    public final Deque<Outcome.Refusal> refusals = new ArrayDeque<>();
    public final Deque<Outcome.Refusal> frameRefusals = new ArrayDeque<>();
    public final Map<MessageId, Message> messages = new LinkedHashMap<>();
    public final Map<MessageId, StringBuilder> running = new LinkedHashMap<>();
    private final Map<MessageId, StreamHead> heads = new LinkedHashMap<>();
    private final List<Change> feed = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private final UserId user;
    public Instant now;
    public Session session;
    private boolean followed;
    private final Map<String, Attachment> files = new LinkedHashMap<>();
    private int messageCount;
    private int replyCount;

    public ScriptedEngine(SessionId id, UserId user, Instant now) {
        this.user = user;
        this.now = now;
        session = Session.fresh(
                id, Optional.of(new Member(user, name(user), now)), Visibility.PRIVATE, Optional.empty(), now);
        append(new Change.SessionOpened(session));
        session = session.withClient(new ClientInfo("Browser/1.0", "127.0.0.1", "1.2.3"));
    }

    /** What has happened since this was asked last. */
    public List<Event> takeEvents() {
        List<Event> taken = List.copyOf(events);
        events.clear();
        return followed ? taken : List.of();
    }

    public void tell(Event event) {
        events.add(event);
    }

    @SuppressWarnings("unchecked")
    public <R> Outcome<R> handle(Command<R> command) {
        asked.add(command);
        boolean charge = command instanceof Command.Charge || command instanceof Command.ChargeEvent;
        Deque<Outcome.Refusal> refusing = charge ? frameRefusals : refusals;
        if (!refusing.isEmpty()) {
            return new Outcome.Refused<>(refusing.poll());
        }
        try {
            return (Outcome<R>) Outcome.done(answer(command));
        } catch (Refusal refusal) {
            return Outcome.refused(refusal.code, "Expected something else");
        }
    }

    public Outcome<Following> follow(Link.From from) {
        followed = true;
        events.clear();
        if (from instanceof Link.From.Position position) {
            replay(position);
        } else {
            running.forEach((reply, text) -> show(reply, 0));
        }
        return Outcome.done(new Following(
                session, feed.size(), List.of(new Presence.Present(session.id(), user, name(user)))));
    }

    public Outcome<Following> replay(Link.From.Position from) {
        boolean known = from.position() <= feed.size();
        if (known) {
            feed.stream().filter(change -> change.position() > from.position()).forEach(change -> {
                if (change.body() instanceof Change.ReplyEnded ended) {
                    missed(ended.message(), from.shown().getOrDefault(ended.message().id(), 0L));
                }
                events.add(new Event.Happened(change));
            });
        }
        events.add(new Event.CaughtUp(session.id(), known, feed.size()));
        running.forEach((reply, text) -> show(reply, from.shown().getOrDefault(reply, 0L)));
        return Outcome.done(new Following(session, feed.size(), List.of()));
    }

    private void missed(Message reply, long shown) {
        if (shown == 0 && heads.containsKey(reply.id())) {
            events.add(new Event.ReplyBegan(heads.get(reply.id())));
        }
        if (reply.content().length() > shown) {
            events.add(new Event.ReplyGrew(
                    session.id(), reply.id(), shown, reply.content().substring((int) shown)));
        }
    }

    private void show(MessageId reply, long shown) {
        String text = running.get(reply).toString();
        boolean anew = shown == 0 || shown > text.length();
        if (anew) {
            events.add(new Event.ReplyBegan(heads.get(reply)));
        }
        long from = anew ? 0 : shown;
        if (text.length() > from) {
            events.add(new Event.ReplyGrew(session.id(), reply, from, text.substring((int) from)));
        }
    }

    public void begin(MessageId reply, String model) {
        Message message = message(reply);
        StreamHead head = new StreamHead(
                session.id(),
                reply,
                message.reply().orElseThrow().question(),
                (Author.Agent) message.author(),
                model,
                false);
        heads.put(reply, head);
        running.put(reply, new StringBuilder());
        events.add(new Event.ReplyBegan(head));
    }

    public void grow(MessageId reply, String text) {
        StringBuilder all = running.get(reply);
        events.add(new Event.ReplyGrew(session.id(), reply, all.length(), text));
        all.append(text);
    }

    public void end(MessageId reply, ReplyStatus status) {
        StringBuilder text = running.remove(reply);
        Message before = message(reply);
        ReplyFacts asked = before.reply().orElseThrow();
        ReplyFacts facts = new ReplyFacts(
                asked.question(),
                status,
                status == ReplyStatus.FAILED ? Optional.of(ErrorCode.MODEL_FAILED) : Optional.empty(),
                heads.containsKey(reply) ? heads.get(reply).model() : "",
                false,
                Optional.of(7),
                Optional.of(Duration.ofMillis(1250)),
                Optional.of(Duration.ofMillis(200)),
                asked.versions(),
                Optional.empty());
        Message ended = with(before, text == null ? "" : text.toString(), facts);
        append(new Change.ReplyEnded(ended));
    }

    /** Somebody uploads a file; the next has the next id: f1, f2 … */
    public Attachment bring(UserId who, String name) {
        Attachment file = new Attachment(
                new AttachmentId("f" + (files.size() + 1)),
                who,
                FileName.of(name),
                MimeType.of("image/png"),
                2048,
                now,
                new Attachment.Kept(Sha256.of(new byte[0])));
        files.put(file.id().value(), file);
        append(Change.AttachmentAdded.of(file, who));
        return file;
    }

    /** A file that was brought. */
    public Attachment file(String id) {
        return files.get(id);
    }

    public Sent say(UserId who, String content, Optional<String> clientId, Optional<MessageId> parent, ClientMetadata kept) {
        return say(who, content, clientId, parent, kept, List.of());
    }

    public Sent say(
            UserId who,
            String content,
            Optional<String> clientId,
            Optional<MessageId> parent,
            ClientMetadata kept,
            List<Attachment> attachments) {
        MessageId id = new MessageId("m" + ++messageCount);
        Message said = Message.written(
                id,
                session.id(),
                parent,
                new Author.Person(who, name(who)),
                Role.USER,
                content,
                now,
                clientId,
                kept)
                .withAttachments(attachments)
                .at(feed.size() + 1);
        append(new Change.MessageAdded(said));
        return new Sent(said, Optional.empty(), feed.size(), false);
    }

    public Message edit(UserId who, MessageId id, String content) {
        Message edited = message(id).edited(content, now);
        append(new Change.MessageEdited(edited, who));
        return edited;
    }

    public Message delete(UserId who, MessageId id) {
        Message deleted = message(id).asDeleted(now);
        append(new Change.MessageDeleted(deleted, who));
        return deleted;
    }

    public Message react(UserId who, MessageId id, String emoji) {
        Message reacted = message(id).toggled(who, emoji);
        append(new Change.ReactionChanged(reacted, who, emoji, reacted.reacted(who, emoji)));
        return reacted;
    }

    public Message read(UserId who, MessageId id) {
        return receive(who, id, Receipt.READ);
    }

    public Message receive(UserId who, MessageId id, Receipt receipt) {
        Message marked = message(id).received(who, receipt, now);
        append(new Change.ReceiptGiven(marked, who, receipt));
        return marked;
    }

    public void append(Change.Body body) {
        Change change = new Change(session.id(), feed.size() + 1L, now, body);
        feed.add(change);
        session = session.at(change.position(), now);
        switch (body) {
            case Change.MessageAdded added -> messages.put(added.message().id(), added.message());
            case Change.MessageEdited edited -> messages.put(edited.message().id(), edited.message());
            case Change.MessageDeleted deleted -> messages.put(deleted.message().id(), deleted.message());
            case Change.ReactionChanged changed -> messages.put(changed.message().id(), changed.message());
            case Change.FeedbackGiven given -> messages.put(given.message().id(), given.message());
            case Change.ReceiptGiven given -> messages.put(given.message().id(), given.message());
            case Change.ReplyStarted started -> messages.put(started.message().id(), started.message());
            case Change.ReplyEnded ended -> messages.put(ended.message().id(), ended.message());
            default -> {}
        }
        events.add(new Event.Happened(change));
    }

    public static String name(UserId user) {
        return Character.toUpperCase(user.value().charAt(0)) + user.value().substring(1);
    }

    private Object answer(Command<?> command) {
        return switch (command) {
            case Command.EnterSession enter -> new Command.Entered(session, false);
            case Command.SendMessage send -> send(send);
            case Command.Regenerate again -> regenerate(message(again.message()));
            case Command.StopReplies stop -> stop();
            case Command.EditMessage edit -> {
                Message edited = edit(user, edit.message(), edit.content());
                Optional<MessageId> reply = edit.ask().map(ask -> request(edited, List.of()));
                yield new Changed(edited, reply, feed.size());
            }
            case Command.DeleteMessage delete -> changed(delete(user, delete.message()));
            case Command.React react -> changed(react(user, react.message(), react.emoji()));
            case Command.GiveFeedback give -> {
                Message rated = message(give.message()).rated(user, give.feedback());
                append(new Change.FeedbackGiven(rated, user, give.feedback()));
                yield changed(rated);
            }
            case Command.MarkReceived mark -> changed(receive(user, mark.message(), mark.receipt()));
            case Command.ListMessages list ->
                    new Page<>(messages.values().stream().limit(list.slice().limit()).toList(), messages.size());
            case Command.GetMessage get -> message(get.message());
            case Command.GetQuota quota -> new Usage(3, 30, Duration.ofMillis(41_500));
            case Command.SetTyping typing -> Nothing.NOTHING;
            case Command.Charge charge -> Nothing.NOTHING;
            case Command.ChargeEvent charge -> Nothing.NOTHING;
            case Command.GetSession get -> session;
            case Command.ListPresent list -> List.of(new Presence.Present(session.id(), user, name(user)));
            default -> throw new AssertionError("Expected no " + command);
        };
    }

    private Sent send(Command.SendMessage send) {
        Optional<Message> before = messages.values()
                .stream()
                .filter(message -> send.clientId().isPresent() && message.clientId().equals(send.clientId()))
                .findFirst();
        if (before.isPresent()) {
            if (!before.get().content().equals(send.content())) {
                throw new Refusal(ErrorCode.CONFLICT);
            }
            return new Sent(before.get(), replyTo(before.get()), feed.size(), true);
        }
        List<Attachment> attachments = send.attachments()
                .stream()
                .map(this::known)
                .toList();
        Sent sent = say(user, send.content(), send.clientId(), send.parent(), send.metadata(), attachments);
        Optional<MessageId> reply = send.ask().map(ask -> request(sent.message(), List.of()));
        return new Sent(sent.message(), reply, feed.size(), false);
    }

    private Attachment known(Attach wanted) {
        if (wanted instanceof Attach.Link link) {
            return new Attachment(
                    new AttachmentId("l1"),
                    user,
                    FileName.of(link.fileName()),
                    MimeType.of(link.mimeType()),
                    link.size(),
                    now,
                    new Attachment.Linked(link.url(), link.metadata()));
        }
        if (wanted instanceof Attach.Existing(AttachmentId id) && files.containsKey(id.value())) {
            return files.get(id.value());
        }
        throw new Refusal(ErrorCode.NOT_FOUND);
    }

    private Optional<MessageId> replyTo(Message question) {
        return messages.values()
                .stream()
                .filter(message -> message.reply().isPresent()
                        && message.reply().get().question().equals(question.id()))
                .map(Message::id)
                .findFirst();
    }

    private Changed regenerate(Message named) {
        MessageId question = named.reply().map(ReplyFacts::question).orElse(named.id());
        List<MessageId> versions = messages.values()
                .stream()
                .filter(message -> message.reply().isPresent()
                        && message.reply().get().question().equals(question))
                .map(Message::id)
                .toList();
        MessageId reply = request(message(question), versions);
        return new Changed(message(question), Optional.of(reply), feed.size());
    }

    private Command.Stopped stop() {
        List<MessageId> ended = messages.values()
                .stream()
                .filter(Message::running)
                .map(Message::id)
                .toList();
        ended.forEach(reply -> end(reply, ReplyStatus.STOPPED));
        return new Command.Stopped(ended);
    }

    private MessageId request(Message question, List<MessageId> versions) {
        MessageId id = new MessageId("r" + ++replyCount);
        Message written = Message.written(
                id,
                session.id(),
                Optional.empty(),
                new Author.Agent("default", "Parley"),
                Role.ASSISTANT,
                "",
                now,
                Optional.empty(),
                ClientMetadata.NONE);
        Message reply = with(written.at(feed.size() + 1), "", ReplyFacts.requested(question.id(), versions));
        append(new Change.ReplyStarted(reply));
        return id;
    }

    private Changed changed(Message message) {
        return new Changed(message, Optional.empty(), feed.size());
    }

    public Message message(MessageId id) {
        Message message = messages.get(id);
        if (message == null) {
            throw new Refusal(ErrorCode.NOT_FOUND);
        }
        return message;
    }

    private static Message with(Message message, String content, ReplyFacts facts) {
        return new Message(
                message.id(),
                message.session(),
                message.position(),
                message.parent(),
                message.author(),
                message.role(),
                content,
                message.createdAt(),
                message.editedAt(),
                message.deletedAt(),
                message.clientId(),
                message.metadata(),
                Map.<String, Set<UserId>>of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Optional.of(facts),
                List.of());
    }

    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final ErrorCode code;

        Refusal(ErrorCode code) {
            this.code = code;
        }
    }
}
