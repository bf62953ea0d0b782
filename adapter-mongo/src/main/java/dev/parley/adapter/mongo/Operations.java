package dev.parley.adapter.mongo;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateManyModel;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.WriteModel;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Version;
import dev.parley.domain.reply.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * The operations that the effects of a step consist of: first as documents that are committed with the step, then as writes.
 *
 * <p>Each may be done again and late: every document that may change bears the version of the session whose step wrote it, and a
 * write of an older version finds nothing to change. Nothing is removed that a late write could bring back; it is marked.
 */
final class Operations {
    private static final UpdateOptions UPSERT = new UpdateOptions().upsert(true);

    private Operations() {}

    /**
     * @param begins the record, when the message begins as a reply
     * @param ends whether the reply's record ends
     */
    static Document message(Message message, String life, Optional<Reply> begins, boolean ends) {
        Document state = MessageDocs.write(message, life);
        begins.ifPresent(reply -> state.append("record", ReplyDocs.write(reply)).append("running", life));
        return new Document("message", state).append("ends", ends);
    }

    static Document claim(MessageId id, NodeId owner, long fence) {
        return new Document("claim", id.value()).append("owner", owner.value()).append("fence", fence);
    }

    static Document stop(MessageId id, UserId by) {
        return new Document("stop", id.value()).append("by", by.value());
    }

    static Document change(Document change) {
        return new Document("change", change);
    }

    static Document version(MessageId message, long position, Version version) {
        return new Document(
                "version",
                new Document("message", message.value())
                        .append("position", position)
                        .append("content", version.content())
                        .append("writtenAt", Times.nanos(version.writtenAt()))
                        .append("replacedAt", Times.nanos(version.replacedAt()))
                        .append("replacedBy", version.replacedBy().value()));
    }

    static Document erase(MessageId message) {
        return new Document("erase", message.value());
    }

    static Document bring(Attachment file, long position) {
        return new Document("bring", AttachmentDocs.whole(file)).append("position", position).append("in", true);
    }

    /** Of what was brought before in the same step: it is known from now on, and not there. */
    static Document takenAgain(Document brought) {
        return new Document(brought).append("in", false);
    }

    static Document take(AttachmentId file) {
        return new Document("take", file.value());
    }

    static Document forget(long until) {
        return new Document("forget", until);
    }

    /** The writes of some operations, by collection. */
    static final class Writes {
        final List<WriteModel<Document>> messages = new ArrayList<>();
        final List<Document> changes = new ArrayList<>();
        final List<WriteModel<Document>> versions = new ArrayList<>();
        final List<WriteModel<Document>> files = new ArrayList<>();
        final List<WriteModel<Document>> attachments = new ArrayList<>();
        Optional<Long> forgetUntil = Optional.empty();

        private final String session;
        private final String life;
        private final long version;

        Writes(String session, String life, long version) {
            this.session = session;
            this.life = life;
            this.version = version;
        }

        void add(Document operation) {
            String kind = operation.keySet().iterator().next();
            switch (kind) {
                case "message" -> message(Docs.document(operation, "message"), Docs.truth(operation, "ends"));
                case "claim" -> record(
                        Docs.text(operation, "claim"),
                        new Document("record.owner", Docs.text(operation, "owner"))
                                .append("record.fence", Docs.number(operation, "fence")));
                case "stop" -> record(
                        Docs.text(operation, "stop"), new Document("record.stop", Docs.text(operation, "by")));
                case "change" -> changes.add(Docs.document(operation, "change"));
                case "version" -> version(Docs.document(operation, "version"));
                case "erase" -> versions.add(new UpdateManyModel<>(
                        Where.all(
                                Filters.eq("message", Docs.text(operation, "erase")),
                                Filters.eq("life", life),
                                older()),
                        new Document("$set", new Document("erased", true).append("rev", version))
                                .append("$unset", new Document("content", ""))));
                case "bring" ->
                        bring(Docs.document(operation, "bring"), Docs.number(operation, "position"), Docs.truth(operation, "in"));
                case "take" -> files.add(new UpdateOneModel<>(
                        Where.all(Filters.eq("_id", fileId(life, Docs.text(operation, "take"))), older()),
                        new Document("$set", new Document("in", false).append("rev", version))));
                case "forget" -> forgetUntil = Optional.of(Docs.number(operation, "forget"));
                default -> throw new IllegalStateException("Expected an operation, found one of kind " + kind);
            }
        }

        private Bson older() {
            return Filters.lt("rev", version);
        }

        private void message(Document state, boolean ends) {
            Document set = new Document(state).append("rev", version);
            String id = Docs.text(set, "_id");
            set.remove("_id");
            set.remove("life");
            Document unset = new Document("stub", "");
            MessageDocs.OPTIONAL.stream().filter(field -> !set.containsKey(field)).forEach(field -> unset.append(field, ""));
            if (ends) {
                unset.append("record", "").append("running", "");
            }
            messages.add(new UpdateOneModel<>(
                    Where.all(Filters.eq("_id", id), Filters.eq("life", life), older()),
                    new Document("$set", set).append("$unset", unset),
                    UPSERT));
        }

        private void record(String id, Document set) {
            messages.add(new UpdateOneModel<>(
                    Where.all(Filters.eq("_id", id), Filters.eq("running", life), older()),
                    new Document("$set", set.append("rev", version))));
        }

        private void version(Document state) {
            String id = life + "/" + Docs.text(state, "message") + "/" + Docs.number(state, "position");
            versions.add(new UpdateOneModel<>(
                    Filters.eq("_id", id),
                    new Document("$setOnInsert", new Document(state).append("life", life).append("rev", version)),
                    UPSERT));
        }

        private void bring(Document facts, long position, boolean in) {
            String file = Docs.text(facts, "_id");
            Document whole = new Document(facts);
            whole.remove("_id");
            attachments.add(new UpdateOneModel<>(
                    Filters.eq("_id", file), new Document("$setOnInsert", whole), UPSERT));
            Document seen = new Document(whole);
            seen.remove("kept");
            files.add(new UpdateOneModel<>(
                    Where.all(Filters.eq("_id", fileId(life, file)), older()),
                    new Document(
                            "$set",
                            new Document("session", session)
                                    .append("life", life)
                                    .append("file", file)
                                    .append("position", position)
                                    .append("facts", seen)
                                    .append("in", in)
                                    .append("rev", version)),
                    UPSERT));
        }
    }

    static String fileId(String life, String file) {
        return life + "/" + file;
    }
}
