package dev.parley.testkit.store;

import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.FileName;
import dev.parley.domain.attachment.MimeType;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Feedback;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyFacts;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.message.Role;
import dev.parley.domain.project.ProjectId;
import dev.parley.domain.session.ClientInfo;
import dev.parley.domain.session.Member;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.SessionSettings;
import dev.parley.domain.session.Visibility;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Records with every field filled, and texts that break what is built carelessly. */
final class Sample {
    static final UserId HOSTILE_USER = new UserId("x'; DROP TABLE message; -- \"%_\\ $ne {} ünï 名");
    static final List<String> TEXTS = List.of(
            "",
            " ",
            "\n\r\t",
            "'; DELETE FROM session; --",
            "\"double\" \\back\\ %like_ ${var} {\"$gt\": \"\"}",
            "nul \u0000 inside",
            "ümläut e\u0301 \u202Ertl\u202C ﷽",
            "你好 👨‍👩‍👧‍👦 🇧🇷 \uD83D\uDE00",
            "<script>alert(1)</script>");

    private Sample() {}

    static Session session(SessionId id, Instant at) {
        return new Session(
                id,
                Optional.of(new ProjectId("project '1'")),
                Optional.of(HOSTILE_USER),
                "A title: 名 '\"; 😀",
                Visibility.SHARED,
                at.minusSeconds(1),
                at,
                false,
                new ClientInfo("agent/1.0 (x; y)", "2001:db8::1", "1.2.3"),
                new SessionSettings(Optional.of("model:7b"), Optional.of("pt-BR"), false),
                List.of(
                        new Member(new UserId("zoe"), "Zoë", at.minusSeconds(3)),
                        new Member(HOSTILE_USER, "O'Neill", at.minusSeconds(2)),
                        new Member(new UserId("ana"), "Ana", at)),
                0);
    }

    static Message message(MessageId id, SessionId session, MessageId question, Instant at) {
        Map<String, Set<UserId>> reactions = new LinkedHashMap<>();
        reactions.put("👍", users("zoe", "ana", "ben"));
        reactions.put("❤️", users("ben"));
        reactions.put("'", users("yan", "cy"));
        Map<UserId, Feedback> feedback = new LinkedHashMap<>();
        feedback.put(new UserId("zoe"), new Feedback(Optional.of(false), Optional.of(5)));
        feedback.put(new UserId("ana"), new Feedback(Optional.empty(), Optional.empty()));
        feedback.put(HOSTILE_USER, new Feedback(Optional.of(true), Optional.empty()));
        return new Message(
                id,
                session,
                0,
                Optional.of(question),
                new Author.Agent("agent'1", "Ágent"),
                Role.ASSISTANT,
                "All **fields**, 名 😀",
                at,
                Optional.of(at.plusSeconds(5)),
                Optional.empty(),
                Optional.of("client-é-1"),
                new ClientMetadata("{\"a\": [1, null, \"é\"]}"),
                reactions,
                feedback,
                receipts(at, "zoe", "ana", "ben"),
                receipts(at.plusSeconds(1), "ben", "zoe"),
                Optional.of(new ReplyFacts(
                        question,
                        ReplyStatus.FAILED,
                        Optional.of(ErrorCode.MODEL_FAILED),
                        "model:7b",
                        true,
                        Optional.of(42),
                        Optional.of(Duration.ofSeconds(3, 456_789_000)),
                        Optional.of(Duration.ofMillis(7)),
                        List.of(new MessageId("v.2"), new MessageId("v:1")),
                        Optional.of(new MessageId("newer")))),
                List.of(file("F-1_a", at), link("f-1_A", at)));
    }

    static Attachment file(String id, Instant at) {
        return new Attachment(
                new AttachmentId(id),
                HOSTILE_USER,
                FileName.of("Relatório 'final' 名 😀.pdf"),
                new MimeType("application/pdf"),
                12_345_678_901L,
                at,
                new Attachment.Kept(Sha256.of(id.getBytes(StandardCharsets.UTF_8))));
    }

    static Attachment link(String id, Instant at) {
        return new Attachment(
                new AttachmentId(id),
                new UserId("zoe"),
                FileName.of("photo.jpg"),
                new MimeType("image/jpeg"),
                54_321,
                at,
                new Attachment.Linked(
                        "https://cdn.example.com/a%20b.jpg?x='1'&y=2", new ClientMetadata("{\"width\": 1920, \"k\": null}")));
    }

    private static Set<UserId> users(String... names) {
        Set<UserId> users = new LinkedHashSet<>();
        for (String name : names) {
            users.add(new UserId(name));
        }
        return users;
    }

    private static Map<UserId, Instant> receipts(Instant at, String... names) {
        Map<UserId, Instant> receipts = new LinkedHashMap<>();
        for (String name : names) {
            receipts.put(new UserId(name), at.plusMillis(receipts.size()));
        }
        return receipts;
    }
}
