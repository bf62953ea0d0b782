package dev.parley.adapter.mongo;

import dev.parley.domain.access.UserId;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.ClientKey;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Feedback;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyFacts;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.message.Role;
import dev.parley.domain.message.Words;
import dev.parley.domain.session.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bson.Document;

/** Messages as documents. */
final class MessageDocs {
    /** Fields that are missing where there is nothing to say. */
    static final List<String> OPTIONAL = List.of("parent", "editedAt", "deletedAt", "clientId", "sent", "reply", "answers");

    private MessageDocs() {}

    /** The key under which a message is found by what its client called it: one field, so that those without one are not indexed. */
    static String sentKey(String life, ClientKey key) {
        return life + "/" + key.user().value() + "\n" + key.clientId();
    }

    static Document write(Message message, String life) {
        Document doc = new Document("_id", message.id().value())
                .append("session", message.session().value())
                .append("life", life)
                .append("position", message.position())
                .append("author", author(message.author()))
                .append("role", message.role().name())
                .append("content", message.content())
                .append("words", words(message))
                .append("createdAt", Times.nanos(message.createdAt()))
                .append("metadata", message.metadata().json())
                .append("reactions", message.reactions()
                        .entrySet()
                        .stream()
                        .map(reaction -> new Document("emoji", reaction.getKey())
                                .append("users", reaction.getValue().stream().map(UserId::value).toList()))
                        .toList())
                .append("feedback", message.feedback().entrySet().stream().map(MessageDocs::feedback).toList())
                .append("deliveredTo", receipts(message.deliveredTo()))
                .append("readBy", receipts(message.readBy()))
                .append("files", message.attachments().stream().map(AttachmentDocs::write).toList());
        Docs.put(doc, "parent", message.parent().map(MessageId::value));
        Docs.put(doc, "editedAt", message.editedAt().map(Times::nanos));
        Docs.put(doc, "deletedAt", message.deletedAt().map(Times::nanos));
        Docs.put(doc, "clientId", message.clientId());
        Docs.put(doc, "reply", message.reply().map(MessageDocs::reply));
        Docs.put(doc, "answers", message.reply().map(facts -> facts.question().value()));
        if (message.author() instanceof Author.Person person) {
            Docs.put(doc, "sent", message.clientId().map(id -> sentKey(life, new ClientKey(person.user(), id))));
        }
        return doc;
    }

    private static List<String> words(Message message) {
        return message.deleted() ? List.of() : Words.of(message.content()).stream().distinct().toList();
    }

    private static Document author(Author author) {
        return switch (author) {
            case Author.Person(UserId user, String name) -> new Document("user", user.value()).append("name", name);
            case Author.Agent(String id, String name) -> new Document("agent", id).append("name", name);
        };
    }

    private static Document feedback(Map.Entry<UserId, Feedback> given) {
        Document doc = new Document("user", given.getKey().value());
        Docs.put(doc, "helpful", given.getValue().helpful());
        Docs.put(doc, "rating", given.getValue().rating());
        return doc;
    }

    private static List<Document> receipts(Map<UserId, Instant> receipts) {
        return receipts.entrySet()
                .stream()
                .map(receipt -> new Document("user", receipt.getKey().value()).append("at", Times.nanos(receipt.getValue())))
                .toList();
    }

    private static Document reply(ReplyFacts facts) {
        Document doc = new Document("question", facts.question().value())
                .append("status", facts.status().name())
                .append("model", facts.model())
                .append("fallback", facts.fallback())
                .append("versions", facts.versions().stream().map(MessageId::value).toList());
        Docs.put(doc, "error", facts.error().map(ErrorCode::name));
        Docs.put(doc, "tokens", facts.tokens());
        Docs.put(doc, "took", facts.processingTime().map(Duration::toNanos));
        Docs.put(doc, "firstAfter", facts.timeToFirstToken().map(Duration::toNanos));
        Docs.put(doc, "supersededBy", facts.supersededBy().map(MessageId::value));
        return doc;
    }

    /** Whether the document is a message, and not only a message id that somebody has taken. */
    static boolean there(Document doc) {
        return doc.containsKey("position");
    }

    static Message read(Document doc) {
        return new Message(
                new MessageId(Docs.text(doc, "_id")),
                new SessionId(Docs.text(doc, "session")),
                Docs.number(doc, "position"),
                Docs.optionalText(doc, "parent").map(MessageId::new),
                readAuthor(Docs.document(doc, "author")),
                Role.valueOf(Docs.text(doc, "role")),
                Docs.text(doc, "content"),
                Docs.instant(doc, "createdAt"),
                Docs.optionalInstant(doc, "editedAt"),
                Docs.optionalInstant(doc, "deletedAt"),
                Docs.optionalText(doc, "clientId"),
                new ClientMetadata(Docs.text(doc, "metadata")),
                reactions(doc),
                feedback(doc),
                readReceipts(doc, "deliveredTo"),
                readReceipts(doc, "readBy"),
                Docs.optionalDocument(doc, "reply").map(MessageDocs::readReply),
                Docs.documents(doc, "files").stream().map(AttachmentDocs::read).toList());
    }

    private static Author readAuthor(Document doc) {
        String name = Docs.text(doc, "name");
        return Docs.optionalText(doc, "user")
                .<Author>map(user -> new Author.Person(new UserId(user), name))
                .orElseGet(() -> new Author.Agent(Docs.text(doc, "agent"), name));
    }

    private static Map<String, Set<UserId>> reactions(Document doc) {
        Map<String, Set<UserId>> reactions = new LinkedHashMap<>();
        for (Document reaction : Docs.documents(doc, "reactions")) {
            Set<UserId> users = new LinkedHashSet<>();
            Docs.texts(reaction, "users").forEach(user -> users.add(new UserId(user)));
            reactions.put(Docs.text(reaction, "emoji"), users);
        }
        return reactions;
    }

    private static Map<UserId, Feedback> feedback(Document doc) {
        Map<UserId, Feedback> feedback = new LinkedHashMap<>();
        for (Document given : Docs.documents(doc, "feedback")) {
            feedback.put(
                    new UserId(Docs.text(given, "user")),
                    new Feedback(
                            Docs.optionalTruth(given, "helpful"),
                            Docs.optionalNumber(given, "rating").map(Math::toIntExact)));
        }
        return feedback;
    }

    private static Map<UserId, Instant> readReceipts(Document doc, String field) {
        Map<UserId, Instant> receipts = new LinkedHashMap<>();
        for (Document receipt : Docs.documents(doc, field)) {
            receipts.put(new UserId(Docs.text(receipt, "user")), Docs.instant(receipt, "at"));
        }
        return receipts;
    }

    private static ReplyFacts readReply(Document doc) {
        return new ReplyFacts(
                new MessageId(Docs.text(doc, "question")),
                ReplyStatus.valueOf(Docs.text(doc, "status")),
                Docs.optionalText(doc, "error").map(ErrorCode::valueOf),
                Docs.text(doc, "model"),
                Docs.truth(doc, "fallback"),
                Docs.optionalNumber(doc, "tokens").map(Math::toIntExact),
                Docs.optionalNumber(doc, "took").map(Duration::ofNanos),
                Docs.optionalNumber(doc, "firstAfter").map(Duration::ofNanos),
                Docs.texts(doc, "versions").stream().map(MessageId::new).toList(),
                Docs.optionalText(doc, "supersededBy").map(MessageId::new));
    }
}
