package dev.parley.adapter.mongo;

import dev.parley.domain.access.UserId;
import dev.parley.domain.project.ProjectId;
import dev.parley.domain.session.ClientInfo;
import dev.parley.domain.session.Member;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.SessionSettings;
import dev.parley.domain.session.Visibility;
import java.util.List;
import java.util.Optional;
import org.bson.Document;

/** Sessions as fields of their documents. Whoever is a member is no field's name: ids hold any character. */
final class SessionDocs {
    /** Fields that are missing where there is nothing to say. */
    static final List<String> OPTIONAL = List.of("project", "owner");

    private SessionDocs() {}

    /** Everything but the id, the members and the last activity. */
    static Document state(Session session) {
        ClientInfo client = session.client();
        SessionSettings settings = session.settings();
        Document preferred = new Document("stream", settings.streamResponses());
        Docs.put(preferred, "model", settings.model());
        Docs.put(preferred, "language", settings.language());
        Document doc = new Document("title", session.title())
                .append("visibility", session.visibility().name())
                .append("startedAt", Times.nanos(session.startedAt()))
                .append("closed", session.closed())
                .append(
                        "client",
                        new Document("agent", client.userAgent())
                                .append("address", client.ipAddress())
                                .append("version", client.version()))
                .append("settings", preferred)
                .append("position", session.position());
        Docs.put(doc, "project", session.project().map(ProjectId::value));
        Docs.put(doc, "owner", session.owner().map(UserId::value));
        return doc;
    }

    static List<Document> members(Session session) {
        return session.members()
                .stream()
                .map(member -> new Document("user", member.user().value())
                        .append("name", member.name())
                        .append("at", Times.nanos(member.joinedAt())))
                .toList();
    }

    static Session read(Document doc) {
        Document client = Docs.document(doc, "client");
        Document settings = Docs.document(doc, "settings");
        return new Session(
                new SessionId(Docs.text(doc, "_id")),
                Docs.optionalText(doc, "project").map(ProjectId::new),
                Docs.optionalText(doc, "owner").map(UserId::new),
                Docs.text(doc, "title"),
                Visibility.valueOf(Docs.text(doc, "visibility")),
                Docs.instant(doc, "startedAt"),
                Docs.instant(doc, "lastActivity"),
                Docs.truth(doc, "closed"),
                new ClientInfo(Docs.text(client, "agent"), Docs.text(client, "address"), Docs.text(client, "version")),
                new SessionSettings(
                        Docs.optionalText(settings, "model"),
                        Docs.optionalText(settings, "language"),
                        Docs.truth(settings, "stream")),
                Docs.documents(doc, "members").stream().map(SessionDocs::member).toList(),
                Docs.number(doc, "position"));
    }

    private static Member member(Document doc) {
        return new Member(new UserId(Docs.text(doc, "user")), Docs.text(doc, "name"), Docs.instant(doc, "at"));
    }

    /** The session in a document; empty in one that is left of a session that was purged. */
    static Optional<Session> optional(Document doc) {
        return Docs.truth(doc, "gone") ? Optional.empty() : Optional.of(read(doc));
    }
}
