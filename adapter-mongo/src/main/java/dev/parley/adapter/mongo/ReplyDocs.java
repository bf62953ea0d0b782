package dev.parley.adapter.mongo;

import dev.parley.domain.access.UserId;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.session.SessionId;
import java.util.List;
import java.util.Optional;
import org.bson.Document;

/**
 * The record of a reply as a part of its message's document, from its start to its end. Its text is kept in pieces, so that each
 * checkpoint sends what is new.
 */
final class ReplyDocs {
    private ReplyDocs() {}

    static Document write(Reply reply) {
        Document doc = new Document("question", reply.question().value())
                .append("asker", reply.asker().value())
                .append("requestedAt", Times.nanos(reply.requestedAt()))
                .append("owner", reply.owner().value())
                .append("fence", reply.fence())
                .append("length", (long) reply.checkpoint().length())
                .append("pieces", reply.checkpoint().isEmpty() ? List.of() : List.of(reply.checkpoint()));
        Docs.put(doc, "stop", reply.stopRequestedBy().map(UserId::value));
        return doc;
    }

    /** The record in a message's document, if it has one. */
    static Optional<Reply> read(Document message) {
        return Docs.optionalDocument(message, "record")
                .map(record -> new Reply(
                        new MessageId(Docs.text(message, "_id")),
                        new SessionId(Docs.text(message, "session")),
                        new MessageId(Docs.text(record, "question")),
                        new UserId(Docs.text(record, "asker")),
                        Docs.instant(record, "requestedAt"),
                        new NodeId(Docs.text(record, "owner")),
                        Docs.number(record, "fence"),
                        Docs.optionalText(record, "stop").map(UserId::new),
                        text(record)));
    }

    static String text(Document record) {
        return String.join("", Docs.texts(record, "pieces"));
    }
}
