package dev.parley.domain.store;

import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.change.Change;
import dev.parley.domain.message.ClientKey;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.session.Session;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a step of {@link SessionStore#write} may see and do; of no use outside it.
 *
 * <p>Reads see what the same step appended before. Only what belongs to the step's session is seen.
 */
public interface SessionTransaction {

    /** The session as it is, if it is there. */
    Optional<Session> session();

    Optional<Message> message(MessageId id);

    /** The message that {@code key}'s user sent under that name, the newest if the name was used again. */
    Optional<Message> sentAs(ClientKey key);

    /** The record of a reply that has not ended. */
    Optional<Reply> reply(MessageId id);

    /** The replies of this session that have not ended, oldest first. */
    List<Reply> unfinished();

    /** The replies to {@code question}, oldest first. */
    List<Message> repliesTo(MessageId question);

    /** A file of the session. */
    Optional<Attachment> attachment(AttachmentId id);

    /** Whether a message of the session has the file. */
    boolean mentioned(AttachmentId id);

    /**
     * Adds the next change; {@code body} carries the new state of what it changes, and the store keeps that state.
     *
     * <p>The first change of a session is {@link Change.SessionOpened}. {@link Change.MessageAdded} and
     * {@link Change.ReplyStarted} give their message the change's position. {@link Change.MessageEdited} keeps what the message
     * said before as a version, {@link Change.MessageDeleted} removes all of them. {@link Change.ReplyStarted} marks the
     * earlier versions that its message names as superseded. {@link Change.ReplyEnded} ends the record of the reply. A message's
     * files are in the session before: {@link Change.AttachmentAdded} puts them there, and does nothing else for one that is
     * there; {@link Change.AttachmentRemoved} takes them out, and out of the session's messages.
     *
     * @return the change as it will be read, with its position
     */
    Change append(Instant at, Change.Body body);

    /** Adds {@link Change.ReplyStarted} and the record of the reply with it. */
    Change append(Instant at, Change.ReplyStarted body, Reply record);
}
