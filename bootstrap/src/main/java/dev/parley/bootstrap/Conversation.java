package dev.parley.bootstrap;

import dev.parley.application.Caller;
import dev.parley.application.ChatEngine;
import dev.parley.application.Link;
import dev.parley.application.command.Ask;
import dev.parley.application.command.Attach;
import dev.parley.application.command.Changed;
import dev.parley.application.command.Command;
import dev.parley.application.command.ReplyState;
import dev.parley.application.command.Sent;
import dev.parley.application.command.TicketAnswer;
import dev.parley.application.event.Event;
import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.change.Change;
import dev.parley.domain.live.Presence;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Feedback;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Receipt;
import dev.parley.domain.message.Version;
import dev.parley.domain.session.ClientInfo;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.TicketId;
import dev.parley.domain.session.Visibility;
import dev.parley.domain.store.Slice;
import dev.parley.domain.topic.TopicId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * One person in one session, for Java programs: what a client can do, as methods. Safe for use by many threads; methods block
 * where stores do, and throw {@link RefusedException} where the engine refuses. {@link #handle} takes what has no method here.
 *
 * <p>Closing ends the listening, not the replies. Whoever opens it closes it, before the engine.
 */
public final class Conversation implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Conversation.class.getName());
    private static final int ENDED_KEPT = 64;

    private final Link link;
    private final SessionId session;
    private final UserId who;
    private final ReentrantLock lock = new ReentrantLock();
    private final ReentrantLock commands = new ReentrantLock();
    private final Map<MessageId, Growing> replies = new LinkedHashMap<>();
    private final List<Consumer<? super Event>> listeners = new CopyOnWriteArrayList<>();
    private boolean closed;

    private Conversation(ChatEngine engine, Caller caller, SessionId session) {
        this.session = session;
        this.who = caller.principal().user();
        this.link = engine.connect(caller, this::told);
    }

    /** Comes into a session, makes it when it is new, and follows it. */
    public static Conversation open(ChatEngine engine, Principal who, SessionId session, Visibility whenNew) {
        Caller caller = new Caller(who, ClientInfo.UNKNOWN, "java");
        RefusedException.valueOf(engine.handle(caller, new Command.EnterSession(session, whenNew, Optional.empty())));
        Conversation conversation = new Conversation(engine, caller, session);
        boolean follows = false;
        try {
            RefusedException.valueOf(conversation.link.follow(session, new Link.From.Now()));
            RefusedException.valueOf(
                    conversation.link.watch(new Link.Watched.OfSession(session), Optional.empty()));
            follows = true;
            return conversation;
        } finally {
            if (!follows) {
                conversation.close();
            }
        }
    }

    /** Says something that nobody is asked to answer. */
    public Message send(String text) {
        return sent(text, Optional.empty()).message();
    }

    /** Says something in the thread of another message. */
    public Message reply(MessageId parent, String text) {
        return handle(new Command.SendMessage(
                session, text, Optional.empty(), Optional.of(parent), ClientMetadata.NONE, Optional.empty()))
                .message();
    }

    /** Says something else in a message of one's own. */
    public Message edit(MessageId message, String text) {
        return handle(new Command.EditMessage(Optional.of(session), message, text, Optional.empty()))
                .message();
    }

    /** Takes back what a message said; its place stays. */
    public void delete(MessageId message) {
        handle(new Command.DeleteMessage(Optional.of(session), message));
    }

    /** Adds a reaction, or takes it back; true when it is there now. */
    public boolean react(MessageId message, String emoji) {
        Message now = handle(new Command.React(Optional.of(session), message, emoji)).message();
        return now.reacted(who, emoji);
    }

    /** Judges a reply. */
    public void rate(MessageId reply, Feedback feedback) {
        handle(new Command.GiveFeedback(Optional.of(session), reply, feedback));
    }

    /** Says that a message was read. */
    public void seen(MessageId message) {
        handle(new Command.MarkReceived(Optional.of(session), message, Receipt.READ));
    }

    /** Says that one types, which the others forget after a while, or types no more. */
    public void typing(boolean types) {
        handle(new Command.SetTyping(session, types));
    }

    /** Gives files to a message of one's own: uploaded ones, or links, which are kept and never fetched. */
    public Message attach(MessageId message, Attach... files) {
        return handle(new Command.AttachToMessage(Optional.of(session), message, List.of(files))).message();
    }

    /** Takes a file away from every message and session in which one may do so. */
    public void detach(AttachmentId file) {
        handle(new Command.DeleteAttachment(file));
    }

    /** Asks for a reply. */
    public Answer ask(String question) {
        return ask(question, Ask.PLAINLY, text -> {});
    }

    /** Asks for a reply; {@code onText} gets its text piece by piece, on one thread, and may take its time. */
    public Answer ask(String question, Consumer<String> onText) {
        return ask(question, Ask.PLAINLY, onText);
    }

    public Answer ask(String question, Ask how, Consumer<String> onText) {
        return answer(sent(question, Optional.of(how)).reply().orElseThrow(), onText);
    }

    /** Asks anew; {@code message} is the question or a reply to it. */
    public Answer regenerate(MessageId message, Ask how, Consumer<String> onText) {
        Changed changed = handle(new Command.Regenerate(session, message, how));
        return answer(changed.reply().orElseThrow(), onText);
    }

    /** A reply of this session that somebody asked for, from its beginning on, even when it has ended. */
    public Answer watch(MessageId reply, Consumer<String> onText) {
        return answer(reply, onText);
    }

    /** What answers a ticket: the answer that is kept, or else the one that is being written for everybody who asks. */
    static Answer ofTicket(
            ChatEngine engine, Principal who, TicketId ticket, String body, Consumer<String> onText) {
        Caller caller = new Caller(who, ClientInfo.UNKNOWN, "java");
        TicketAnswer given = RefusedException.valueOf(engine.handle(
                caller, new Command.AskTicket(ticket, Optional.of(body), Ask.PLAINLY, false)));
        return switch (given) {
            case TicketAnswer.Cached(Message whole) -> {
                Growing kept = new Growing();
                kept.ended(whole);
                kept.tell(onText);
                yield new Answer(whole.id(), kept.done(), () -> {});
            }
            case TicketAnswer.Running(MessageId reply) -> {
                Conversation talk = open(engine, who, ticket.session(), Visibility.SHARED);
                Answer answer = talk.watch(reply, onText);
                var unused = answer.whenDone().whenComplete((ended, failed) -> talk.close());
                yield answer;
            }
        };
    }

    /** Ends whatever runs or waits in the session. */
    public List<MessageId> stop() {
        return handle(new Command.StopReplies(session, Optional.empty())).replies();
    }

    /** The newest messages, oldest first. */
    public List<Message> history(int limit) {
        return handle(new Command.ListMessages(session, new Slice.Newest(limit))).items();
    }

    /** A part of what was said, counted from the oldest message. */
    public Page<Message> history(long offset, int limit) {
        return handle(new Command.ListMessages(session, new Slice.FromOldest(offset, limit)));
    }

    /** One message, if one may read it. */
    public Message message(MessageId message) {
        return handle(new Command.GetMessage(message));
    }

    /** Everything that descends from a message, in order. */
    public Page<Message> thread(MessageId root, PageRequest page) {
        return handle(new Command.ListThread(root, page));
    }

    /** What a message said before its edits, oldest first. */
    public List<Version> versions(MessageId message) {
        return handle(new Command.ListVersions(message));
    }

    /** How far a reply has come, and how fast. */
    public ReplyState state(MessageId reply) {
        return handle(new Command.GetReply(reply));
    }

    /** Who is in the session right now. */
    public List<Presence.Present> present() {
        return handle(new Command.ListPresent(session));
    }

    /** A part of the messages with all these words, newest first. */
    public Page<Message> search(String words, PageRequest page) {
        return handle(new Command.SearchMessages(session, words, page));
    }

    /** Messages with all these words, newest first. */
    public List<Message> search(String words) {
        return search(words, PageRequest.first()).items();
    }

    /**
     * Lets everybody in this session be told what is published to a topic, such as an investigation; here it comes as
     * {@link Event.Published}.
     */
    public void subscribe(String topic) {
        handle(new Command.Subscribe(session, TopicId.named(topic)));
    }

    public void unsubscribe(String topic) {
        handle(new Command.Unsubscribe(session, TopicId.named(topic)));
    }

    public Session session() {
        return handle(new Command.GetSession(session));
    }

    /** Tells {@code listener} everything that happens in the session from now on; it must be quick and never block; what it throws is logged. */
    public void onEvent(Consumer<? super Event> listener) {
        listeners.add(listener);
    }

    /** Whatever else can be asked, in the name of this person. */
    public <R> R handle(Command<R> command) {
        // A link is used by one thread at a time.
        commands.lock();
        try {
            return RefusedException.valueOf(link.handle(command));
        } finally {
            commands.unlock();
        }
    }

    private Sent sent(String text, Optional<Ask> ask) {
        return handle(new Command.SendMessage(
                session, text, Optional.empty(), Optional.empty(), ClientMetadata.NONE, ask));
    }

    private Answer answer(MessageId reply, Consumer<String> onText) {
        Growing growing = growing(reply);
        // It may have ended before anybody here knew its name.
        Message stored = handle(new Command.GetMessage(reply));
        if (!stored.running()) {
            growing.ended(stored);
        }
        growing.tell(onText);
        return new Answer(
                reply, growing.done(), () -> handle(new Command.StopReplies(session, Optional.of(reply))));
    }

    private Growing growing(MessageId reply) {
        lock.lock();
        try {
            Growing growing = replies.computeIfAbsent(reply, id -> new Growing());
            if (closed) {
                growing.lost();
            }
            return growing;
        } finally {
            lock.unlock();
        }
    }

    private void told(Event event) {
        switch (event) {
            case Event.ReplyBegan began -> growing(began.head().reply()).began();
            case Event.ReplyGrew grew -> growing(grew.reply()).grew(grew.from(), grew.text());
            case Event.Happened happened -> happened(happened.change().body());
            case Event.SessionLost lost -> lose();
            case Event.Disconnecting disconnecting -> {
                if (disconnecting.cause() != Event.Cause.DRAIN) {
                    lose();
                }
            }
            case Event.ReplyQueued queued -> {}
            case Event.TypingChanged typing -> {}
            case Event.PresenceChanged presence -> {}
            case Event.CaughtUp caughtUp -> {}
            case Event.Announced announced -> {}
            case Event.Published published -> {}
            case Event.TopicsCaughtUp caughtUp -> {}
            case Event.TopicLost lost -> {}
        }
        listeners.forEach(listener -> tell(listener, event));
    }

    /** A listener that throws misses what it threw at, and nobody else misses anything. */
    @SuppressWarnings("IllegalCatch")
    private static void tell(Consumer<? super Event> listener, Event event) {
        try {
            listener.accept(event);
        } catch (RuntimeException thrown) {
            LOG.log(System.Logger.Level.WARNING, "A listener failed", thrown);
        }
    }

    private void happened(Change.Body body) {
        if (body instanceof Change.ReplyEnded ended) {
            growing(ended.message().id()).ended(ended.message());
            forgetOldest();
        }
    }

    /** Replies that somebody here asked for live on in their answers; of the others the newest are enough. */
    private void forgetOldest() {
        lock.lock();
        try {
            long ended = replies.values().stream().filter(Growing::ended).count();
            var each = replies.values().iterator();
            while (ended > ENDED_KEPT && each.hasNext()) {
                if (each.next().ended()) {
                    each.remove();
                    ended--;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void lose() {
        lock.lock();
        try {
            closed = true;
            replies.values().forEach(Growing::lost);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lose();
        link.close();
    }

}
