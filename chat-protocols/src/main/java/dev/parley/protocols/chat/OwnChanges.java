package dev.parley.protocols.chat;

import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.change.Change;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import java.util.ArrayList;
import java.util.List;

/**
 * Remembers what this connection's client changed and was answered about, so that it is not told the same as news. A position
 * alone is not enough: an answer about what had been done before names the newest position, which may be somebody else's.
 */
final class OwnChanges {

    private record Own(MessageId message, long from, long to) {}

    // Made when something is to be put there: most clients say nothing most of the time.
    private List<Own> changes = List.of();

    /** The client's change of {@code message} has a position from {@code from} to {@code to}. */
    void add(MessageId message, long from, long to) {
        if (changes.isEmpty()) {
            changes = new ArrayList<>(1);
        }
        changes.add(new Own(message, from, to));
    }

    /** Whether {@code change} was this client's own. */
    boolean covers(Change change, Principal client) {
        return !changes.isEmpty() && by(client.user(), change);
    }

    private boolean by(UserId user, Change change) {
        return switch (change.body()) {
            case Change.MessageAdded added -> added.message().author().is(user) && holds(change, added.message());
            case Change.MessageEdited edited -> edited.by().equals(user) && holds(change, edited.message());
            case Change.MessageDeleted deleted -> deleted.by().equals(user) && holds(change, deleted.message());
            case Change.ReactionChanged reaction ->
                    reaction.user().equals(user) && holds(change, reaction.message());
            case Change.FeedbackGiven feedback -> feedback.user().equals(user) && holds(change, feedback.message());
            case Change.ReceiptGiven receipt -> receipt.user().equals(user) && holds(change, receipt.message());
            case Change.AttachmentsChanged changed -> changed.by().equals(user) && holds(change, changed.message());
            case Change.AttachmentAdded added -> false;
            case Change.AttachmentRemoved removed -> false;
            case Change.SessionOpened opened -> false;
            case Change.SessionChanged changed -> false;
            case Change.SessionClosed closed -> false;
            case Change.MemberJoined joined -> false;
            case Change.MemberLeft left -> false;
            case Change.ReplyStarted started -> false;
            case Change.ReplyEnded ended -> false;
        };
    }

    /** Everything up to {@code position} has been told. */
    void forget(long position) {
        if (!changes.isEmpty()) {
            changes.removeIf(own -> own.to() <= position);
        }
    }

    private boolean holds(Change change, Message message) {
        for (Own own : changes) {
            if (own.message().equals(message.id()) && own.from() <= change.position() && change.position() <= own.to()) {
                return true;
            }
        }
        return false;
    }
}
