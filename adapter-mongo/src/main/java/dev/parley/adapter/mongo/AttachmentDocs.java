package dev.parley.adapter.mongo;

import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.FileName;
import dev.parley.domain.attachment.MimeType;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.attachment.Upload;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.session.SessionId;
import java.util.Optional;
import org.bson.Document;

/** Attachments and uploads as documents. */
final class AttachmentDocs {
    private AttachmentDocs() {}

    /** What is known of a file, to stand in whatever has it; it never changes. */
    static Document write(Attachment file) {
        Document doc = new Document("id", file.id().value())
                .append("owner", file.owner().value())
                .append("name", file.name().value())
                .append("type", file.mimeType().value())
                .append("size", file.size())
                .append("addedAt", Times.nanos(file.addedAt()));
        switch (file.content()) {
            case Attachment.Kept(Sha256 sha256) -> doc.append("sha256", sha256.hex());
            case Attachment.Linked(String url, ClientMetadata metadata) ->
                    doc.append("url", url).append("metadata", metadata.json());
        }
        return doc;
    }

    static Attachment read(Document doc) {
        return new Attachment(
                new AttachmentId(Docs.text(doc, "id")),
                new UserId(Docs.text(doc, "owner")),
                new FileName(Docs.text(doc, "name")),
                new MimeType(Docs.text(doc, "type")),
                Docs.number(doc, "size"),
                Docs.instant(doc, "addedAt"),
                content(doc));
    }

    private static Attachment.Content content(Document doc) {
        return Docs.optionalText(doc, "sha256").<Attachment
                .Content>map(hex -> new Attachment.Kept(new Sha256(hex)))
                .orElseGet(() -> new Attachment.Linked(
                        Docs.text(doc, "url"), new ClientMetadata(Docs.text(doc, "metadata"))));
    }

    /** The document of the attachment itself; {@code kept} is what it costs its owner. */
    static Document whole(Attachment file) {
        return write(file).append("_id", file.id().value()).append("kept", file.sha256().isPresent() ? file.size() : 0L);
    }

    static Document write(Upload upload) {
        Document doc = new Document("_id", upload.id().value())
                .append("owner", upload.owner().value())
                .append("name", upload.name().value())
                .append("type", upload.mimeType().value())
                .append("size", upload.size())
                .append("exact", upload.exact())
                .append("begunAt", Times.nanos(upload.begunAt()))
                .append("touchedAt", Times.nanos(upload.touchedAt()));
        Docs.put(doc, "session", upload.session().map(SessionId::value));
        return doc;
    }

    static Upload upload(Document doc) {
        return new Upload(
                new AttachmentId(Docs.text(doc, "_id")),
                new UserId(Docs.text(doc, "owner")),
                Docs.optionalText(doc, "session").map(SessionId::new),
                new FileName(Docs.text(doc, "name")),
                new MimeType(Docs.text(doc, "type")),
                Docs.number(doc, "size"),
                Docs.truth(doc, "exact"),
                Docs.instant(doc, "begunAt"),
                Docs.instant(doc, "touchedAt"));
    }

    static Optional<Attachment> optional(Optional<Document> doc) {
        return doc.map(AttachmentDocs::read);
    }
}
