package dev.parley.protocols.json;

import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** How a file looks: the documents' spellings of its fields side by side. */
public final class AttachmentJson {

    private AttachmentJson() {}

    /** Where a file's bytes are fetched, on the server's own address. */
    public static String url(AttachmentId id) {
        return "/api/chat/attachments/" + id.value();
    }

    /** Where a file's bytes are: here, or where its sender says. */
    public static String url(Attachment attachment) {
        return switch (attachment.content()) {
            case Attachment.Kept kept -> url(attachment.id());
            case Attachment.Linked(String url, var metadata) -> url;
        };
    }

    public static JsonWriter write(JsonWriter to, Attachment attachment) {
        to.begin();
        fields(to, attachment);
        return to.end();
    }

    public static JsonWriter write(JsonWriter to, List<Attachment> attachments) {
        to.beginItems();
        attachments.forEach(attachment -> write(to, attachment));
        return to.endItems();
    }

    /** The object's fields, into an object that is open. */
    public static void fields(JsonWriter to, Attachment attachment) {
        String url = url(attachment);
        String name = attachment.name().value();
        String type = attachment.mimeType().value();
        to.field("attachment_id", attachment.id().value()).field("id", attachment.id().value());
        to.field("file_id", attachment.id().value());
        to.field("url", url).field("fileUrl", url);
        to.field("file_name", name).field("fileName", name);
        to.field("mime_type", type).field("mimeType", type);
        to.field("size", attachment.size()).field("fileSize", attachment.size());
        to.optional("sha256", attachment.sha256().map(Sha256::hex));
        to.field("user_id", attachment.owner().value());
        to.field("created_at", WireTime.format(attachment.addedAt()));
        if (attachment.content() instanceof Attachment.Linked(String link, var metadata)) {
            to.name("metadata").value(metadata(metadata.json()));
        }
    }

    private static JsonObject metadata(String json) {
        return switch (JsonReader.STANDARD.read(json.getBytes(StandardCharsets.UTF_8))) {
            case JsonReading.Read read -> read.object();
            case JsonReading.Unreadable unreadable -> JsonObject.EMPTY;
            case JsonReading.Hostile hostile -> JsonObject.EMPTY;
        };
    }
}
