package dev.parley.application.command;

import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.access.UserId;
import dev.parley.domain.limit.Usage;
import dev.parley.domain.live.Hint;
import dev.parley.domain.live.Presence;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Feedback;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Receipt;
import dev.parley.domain.message.Version;
import dev.parley.domain.project.ProjectId;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.TicketId;
import dev.parley.domain.session.Visibility;
import dev.parley.domain.store.Slice;
import dev.parley.domain.topic.Audience;
import dev.parley.domain.topic.Publication;
import dev.parley.domain.topic.Subscription;
import dev.parley.domain.topic.TopicEntry;
import dev.parley.domain.topic.TopicId;
import java.util.List;
import java.util.Optional;

/**
 * Something that can be asked of the engine.
 *
 * @param <R> what is answered when it is done
 */
public sealed interface Command<R> {

    // Sessions

    /**
     * Comes into a session; makes it when the id is new, joins it when it is open to whoever knows the id.
     *
     * @param visibility what a new session gets
     * @param project what a new session belongs to
     * @param title what a new session is called
     */
    record EnterSession(
            SessionId session, Visibility visibility, Optional<ProjectId> project, Optional<String> title)
            implements Command<Entered> {

        /** Without a title. */
        public EnterSession(SessionId session, Visibility visibility, Optional<ProjectId> project) {
            this(session, visibility, project, Optional.empty());
        }
    }

    /** Came in. {@code created} whether the session is new */
    record Entered(Session session, boolean created) {}

    /** Makes a session; a taken id is a conflict. */
    record CreateSession(
            Optional<SessionId> session,
            Optional<String> title,
            Visibility visibility,
            List<UserId> members,
            Optional<ProjectId> project,
            SettingsPatch settings)
            implements Command<Session> {}

    /** Copies what may be read up to a message into a session of the caller's own. */
    record ForkSession(SessionId from, Optional<MessageId> until, Optional<SessionId> session, Optional<String> title)
            implements Command<Session> {}

    record GetSession(SessionId session) implements Command<Session> {}

    /** The caller's sessions, most recently active first. */
    record ListSessions(PageRequest page) implements Command<Page<Session>> {}

    record UpdateSession(
            SessionId session, Optional<String> title, Optional<Visibility> visibility, SettingsPatch settings)
            implements Command<Session> {}

    /** Ends a session for good; its history stays readable. */
    record CloseSession(SessionId session) implements Command<Session> {}

    /** Removes a session with everything in it. */
    record PurgeSession(SessionId session) implements Command<Nothing> {}

    record AddMember(SessionId session, UserId user) implements Command<Session> {}

    /** Takes somebody out; everybody but the owner may take out themselves. */
    record RemoveMember(SessionId session, UserId user) implements Command<Session> {}

    record ListPresent(SessionId session) implements Command<List<Presence.Present>> {}

    // Messages

    /**
     * Says something, and asks for a reply where {@code ask} is there.
     *
     * @param clientId what the sender's client calls the message
     * @param repeat what it means when the client has called a message so before
     */
    record SendMessage(
            SessionId session,
            String content,
            Optional<String> clientId,
            Repeat repeat,
            Optional<MessageId> parent,
            ClientMetadata metadata,
            Optional<Ask> ask)
            implements Command<Sent> {

        /** By a client that gives every name once. */
        public SendMessage(
                SessionId session,
                String content,
                Optional<String> clientId,
                Optional<MessageId> parent,
                ClientMetadata metadata,
                Optional<Ask> ask) {
            this(session, content, clientId, new Repeat.ForLife(), parent, metadata, ask);
        }
    }

    /** Asks anew; {@code message} is the question or a reply to it. */
    record Regenerate(SessionId session, MessageId message, Ask ask) implements Command<Changed> {}

    /**
     * Ends replies that run or wait.
     *
     * @param message the reply, or the question it answers; all of the session when empty
     */
    record StopReplies(SessionId session, Optional<MessageId> message) implements Command<Stopped> {}

    /** What was stopped: the replies that had not ended before. They have ended now. */
    record Stopped(List<MessageId> replies) {
        public Stopped {
            replies = List.copyOf(replies);
        }
    }

    /** Says something else in a message of the caller's own. {@code ask} asks anew too, if it is the latest question */
    record EditMessage(Optional<SessionId> session, MessageId message, String content, Optional<Ask> ask)
            implements Command<Changed> {}

    record DeleteMessage(Optional<SessionId> session, MessageId message) implements Command<Changed> {}

    /** Adds the caller's reaction, or takes it back. {@code emoji} 1 to 32 characters */
    record React(Optional<SessionId> session, MessageId message, String emoji) implements Command<Changed> {}

    record GiveFeedback(Optional<SessionId> session, MessageId message, Feedback feedback) implements Command<Changed> {}

    record MarkReceived(Optional<SessionId> session, MessageId message, Receipt receipt) implements Command<Changed> {}

    record SetTyping(SessionId session, boolean typing) implements Command<Nothing> {}

    record GetMessage(MessageId message) implements Command<Message> {}

    record ListMessages(SessionId session, Slice slice) implements Command<Page<Message>> {}

    record ListThread(MessageId root, PageRequest page) implements Command<Page<Message>> {}

    record SearchMessages(SessionId session, String query, PageRequest page) implements Command<Page<Message>> {}

    record ListVersions(MessageId message) implements Command<List<Version>> {}

    // Tickets

    /**
     * Wants a ticket's answer: the finished one where there is one, else the one that is being written, else a new one. The
     * first who asks makes the ticket; asking a model counts as a message.
     *
     * @param body what the ticket says; needed where nobody has said it before
     * @param refresh asks anew although there is an answer; what is being written already counts as new
     */
    record AskTicket(TicketId ticket, Optional<String> body, Ask ask, boolean refresh)
            implements Command<TicketAnswer> {}

    /** How a ticket stands; one that nobody has asked about yet has nothing. */
    record GetTicket(TicketId ticket) implements Command<TicketState> {}

    // Topics

    /** Lets all connections of a session be told what is published to a topic. */
    record Subscribe(SessionId session, TopicId topic) implements Command<Subscription> {}

    record Unsubscribe(SessionId session, TopicId topic) implements Command<Nothing> {}

    /** Publishes to a topic, or to a session by its own topic. */
    record Publish(TopicId topic, Publication publication) implements Command<TopicEntry> {}

    /** Says who may be told what is published to a topic. */
    record SetAudience(TopicId topic, Audience audience) implements Command<Nothing> {}

    // What there is

    /** How much the caller may still send. */
    record GetQuota() implements Command<Usage> {}

    record ListAgents() implements Command<Agents> {}

    record ListModels() implements Command<Models> {}

    /** Counts something against the caller's limits. */
    record Charge(Bucket bucket) implements Command<Nothing> {}

    /** What is counted beside messages. */
    enum Bucket {
        /** Frames of one connection. */
        FRAMES,
        /** Requests of one user. */
        REQUESTS
    }

    // Administration

    record RevokeToken(String tokenId) implements Command<Nothing> {}

    /** Ends all of a user's tokens issued until now. */
    record RevokeUser(UserId user) implements Command<Nothing> {}

    record Announce(String message, Hint.Level level) implements Command<Nothing> {}

    record GetStatistics() implements Command<Statistics> {}
}
