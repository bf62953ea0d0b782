package dev.parley.application.command;

import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.access.AuditTrail;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.FileContent;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.attachment.Upload;
import dev.parley.domain.limit.Usage;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.live.ConnectionInfo;
import dev.parley.domain.live.Hint;
import dev.parley.domain.live.Presence;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Feedback;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Receipt;
import dev.parley.domain.message.Version;
import dev.parley.domain.project.ProjectId;
import dev.parley.domain.reply.Reply;
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
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Something that can be asked of the engine.
 *
 * @param <R> what is answered when it is done
 */
public sealed interface Command<R> {

    /** A command that names the session it is about. */
    interface InSession {
        SessionId session();
    }

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
            implements Command<Entered>, InSession {

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

    record GetSession(SessionId session) implements Command<Session>, InSession {}

    /** The caller's sessions, most recently active first. */
    record ListSessions(PageRequest page) implements Command<Page<Session>> {}

    record UpdateSession(
            SessionId session, Optional<String> title, Optional<Visibility> visibility, SettingsPatch settings)
            implements Command<Session>, InSession {}

    /** Ends a session for good; its history stays readable. */
    record CloseSession(SessionId session) implements Command<Session>, InSession {}

    /** Removes a session with everything in it. */
    record PurgeSession(SessionId session) implements Command<Nothing>, InSession {}

    record AddMember(SessionId session, UserId user) implements Command<Session>, InSession {}

    /** Takes somebody out; everybody but the owner may take out themselves. */
    record RemoveMember(SessionId session, UserId user) implements Command<Session>, InSession {}

    record ListPresent(SessionId session) implements Command<List<Presence.Present>>, InSession {}

    // Messages

    /**
     * Says something, and asks for a reply where {@code ask} is there.
     *
     * @param content may be empty when there are attachments
     * @param clientId what the sender's client calls the message
     * @param repeat what it means when the client has called a message so before
     * @param attachments files that go with it, in this order
     * @param countedAs the kind of event that it counts as; a message where there is none
     */
    record SendMessage(
            SessionId session,
            String content,
            Optional<String> clientId,
            Repeat repeat,
            Optional<MessageId> parent,
            ClientMetadata metadata,
            Optional<Ask> ask,
            List<Attach> attachments,
            Optional<String> countedAs)
            implements Command<Sent>, InSession {

        public SendMessage {
            attachments = List.copyOf(attachments);
        }

        /** Counts as a message. */
        public SendMessage(
                SessionId session,
                String content,
                Optional<String> clientId,
                Repeat repeat,
                Optional<MessageId> parent,
                ClientMetadata metadata,
                Optional<Ask> ask,
                List<Attach> attachments) {
            this(session, content, clientId, repeat, parent, metadata, ask, attachments, Optional.empty());
        }

        /** Without files. */
        public SendMessage(
                SessionId session,
                String content,
                Optional<String> clientId,
                Repeat repeat,
                Optional<MessageId> parent,
                ClientMetadata metadata,
                Optional<Ask> ask) {
            this(session, content, clientId, repeat, parent, metadata, ask, List.of());
        }

        /** Without files, by a client that gives every name once. */
        public SendMessage(
                SessionId session,
                String content,
                Optional<String> clientId,
                Optional<MessageId> parent,
                ClientMetadata metadata,
                Optional<Ask> ask) {
            this(session, content, clientId, new Repeat.ForLife(), parent, metadata, ask, List.of());
        }
    }

    /** Asks anew; {@code message} is the question or a reply to it. */
    record Regenerate(SessionId session, MessageId message, Ask ask) implements Command<Changed>, InSession {}

    /**
     * Ends replies that run or wait.
     *
     * @param message the reply, or the question it answers; all of the session when empty
     */
    record StopReplies(SessionId session, Optional<MessageId> message) implements Command<Stopped>, InSession {}

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

    record SetTyping(SessionId session, boolean typing) implements Command<Nothing>, InSession {}

    record GetMessage(MessageId message) implements Command<Message> {}

    record ListMessages(SessionId session, Slice slice) implements Command<Page<Message>>, InSession {}

    record ListThread(MessageId root, PageRequest page) implements Command<Page<Message>> {}

    record SearchMessages(SessionId session, String query, PageRequest page) implements Command<Page<Message>>, InSession {}

    /** As {@link SearchMessages}, in the newest of the caller's sessions, as many as one page of them has at most. */
    record SearchEverywhere(String query, PageRequest page) implements Command<Page<Message>> {}

    record ListVersions(MessageId message) implements Command<List<Version>> {}

    /** How far a reply has come, and how fast. */
    record GetReply(MessageId reply) implements Command<ReplyState> {}

    // Tickets

    /**
     * Wants a ticket's answer: the finished one where there is one, else the one that is being written, else a new one. The
     * first who asks makes the ticket; asking a model counts as a message.
     *
     * @param body what the ticket says; needed where nobody has said it before
     * @param refresh asks anew although there is an answer; what is being written about the same body counts as new
     */
    record AskTicket(TicketId ticket, Optional<String> body, Ask ask, boolean refresh)
            implements Command<TicketAnswer> {}

    /** How a ticket stands; one that nobody has asked about yet has nothing. */
    record GetTicket(TicketId ticket) implements Command<TicketState> {}

    // Files

    /**
     * Begins an upload, or goes on with one of the caller's own.
     *
     * @param upload what it is to be called; one that is there already is gone on with
     * @param session where the file is to appear once it is complete; without one it is the caller's alone until a message has it
     * @param fileName as the client says
     * @param mimeType as the client says, may be empty; what the content is found to be counts
     * @param size how many bytes it will have; at most so many unless {@code exact}
     */
    record BeginUpload(
            Optional<AttachmentId> upload,
            Optional<SessionId> session,
            String fileName,
            String mimeType,
            long size,
            boolean exact)
            implements Command<Uploading> {}

    /**
     * An upload that pieces may come to.
     *
     * @param received the indexes of the pieces that are there, ascending
     * @param maxChunk how many bytes a piece may have
     */
    record Uploading(Upload upload, List<Integer> received, int maxChunk) {
        public Uploading {
            received = List.copyOf(received);
        }
    }

    /**
     * Adds a piece to an upload, in any order; the same index again replaces it.
     *
     * @param index 0 to {@link Upload#MAX_PIECES} - 1
     * @param bytes 1 to as many as {@link Uploading#maxChunk} says; not changed, and not used any more afterwards
     */
    record AddChunk(AttachmentId upload, int index, ByteBuffer bytes) implements Command<ChunkAdded> {}

    /** A piece is safe. {@code received} how many there are now, {@code bytes} in all of them */
    record ChunkAdded(AttachmentId upload, int index, int received, long bytes) {}

    /**
     * Completes an upload: checks it, looks into it, has it scanned, and lets it appear. Doing so again is harmless.
     *
     * @param sha256 what the content's hash must be
     * @param chunks how many pieces there must be
     */
    record FinishUpload(AttachmentId upload, Optional<Sha256> sha256, Optional<Integer> chunks)
            implements Command<Uploaded> {}

    /** A file that is complete. {@code session} where it appeared with it */
    record Uploaded(Attachment attachment, Optional<SessionId> session) {}

    /** Drops an upload of the caller's own. */
    record AbandonUpload(AttachmentId upload) implements Command<Nothing> {}

    /** What is known of a file that the caller may read. */
    record GetAttachment(AttachmentId attachment) implements Command<Attachment> {}

    /** A file that is here, to be read. */
    record OpenAttachment(AttachmentId attachment) implements Command<OpenedFile> {}

    /** To be read once or more, by whoever asked. */
    record OpenedFile(Attachment attachment, FileContent content) {}

    /** The files of a session, in the order they came. */
    record ListAttachments(SessionId session, PageRequest page) implements Command<Page<Attachment>>, InSession {}

    /** Gives files to a message of the caller's own that is there already. */
    record AttachToMessage(Optional<SessionId> session, MessageId message, List<Attach> attachments)
            implements Command<Changed> {
        public AttachToMessage {
            attachments = List.copyOf(attachments);
        }
    }

    /** Takes a file out of every session in which the caller may do so: their own anywhere, others' where they manage. */
    record DeleteAttachment(AttachmentId attachment) implements Command<Nothing> {}

    // Topics

    /** Lets all connections of a session be told what is published to a topic. */
    record Subscribe(SessionId session, TopicId topic) implements Command<Subscription>, InSession {}

    record Unsubscribe(SessionId session, TopicId topic) implements Command<Nothing>, InSession {}

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

    /** Counts an event of a kind against the caller's limits; each kind is counted by itself. */
    record ChargeEvent(String event) implements Command<Nothing> {}

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

    /** How much this node does; cheap enough to be asked every second. */
    record GetLoad() implements Command<Load> {}

    /** The replies of all nodes that wait or run, oldest first. */
    record ListUnfinished() implements Command<Unfinished> {}

    /** What {@link ListUnfinished} finds. */
    record Unfinished(List<Reply> replies) {
        public Unfinished {
            replies = List.copyOf(replies);
        }
    }

    /**
     * The connections of all nodes, longest open first.
     *
     * @param containing what an id, user, session, protocol or node contains, in any case; empty for all
     */
    record ListConnections(String containing, PageRequest page) implements Command<Page<ConnectionInfo>> {}

    /**
     * Everybody's sessions, most recently active first.
     *
     * @param containing what an id, title or owner contains, in any case, among the {@value #SESSIONS_SEARCHED} most recently
     *     active; empty for all
     */
    record ListEverySession(String containing, PageRequest page) implements Command<Page<Session>> {}

    /** How many sessions are looked through at most. */
    int SESSIONS_SEARCHED = 10_000;

    /** Tells the client of a connection to come back on another; done where no node has it any more. */
    record DismissConnection(ConnectionId connection) implements Command<Nothing> {}

    /** What administrators did, newest first. */
    record ListAudit(int limit) implements Command<Audit> {}

    /** What {@link ListAudit} finds. */
    record Audit(List<AuditTrail.Entry> entries) {
        public Audit {
            entries = List.copyOf(entries);
        }
    }

    /** Notes that the caller looks at the server's settings, if they may. */
    record ReadSettings() implements Command<Nothing> {}
}
