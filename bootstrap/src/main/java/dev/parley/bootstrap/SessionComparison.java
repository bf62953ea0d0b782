package dev.parley.bootstrap;

import dev.parley.domain.error.CorruptDataException;
import dev.parley.domain.message.Message;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.Slice;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Reads sessions from two stores and says where they differ. */
final class SessionComparison {

    private static final int AT_ONCE = 200;

    private final Replacements.Durable from;
    private final Replacements.Durable to;
    private final MessageDigest digest = sha256();
    private long messages;

    SessionComparison(Replacements.Durable from, Replacements.Durable to) {
        this.from = from;
        this.to = to;
    }

    /** @throws CorruptDataException when what there is of the session is not the same in both */
    void compare(Session session) {
        SessionId id = session.id();
        check(id, "session", List.of(session), to.sessions().find(id).map(List::of).orElse(List.of()));
        long offset = 0;
        List<Message> mine = page(from, id, offset);
        while (!mine.isEmpty()) {
            check(id, "messages", mine, page(to, id, offset));
            for (Message message : mine) {
                digest.update((message.id() + "\n" + message.content() + "\n").getBytes(StandardCharsets.UTF_8));
                if (message.editedAt().isPresent()) {
                    check(id, "versions", from.messages().versions(message.id()), to.messages().versions(message.id()));
                }
            }
            offset += mine.size();
            mine = page(from, id, offset);
        }
        check(id, "messages", List.of(), page(to, id, offset));
        messages += offset;
    }

    long messages() {
        return messages;
    }

    String checksum() {
        return HexFormat.of().formatHex(digest.digest());
    }

    private static List<Message> page(Replacements.Durable stores, SessionId id, long offset) {
        return stores.messages().page(id, new Slice.FromOldest(offset, AT_ONCE)).items();
    }

    private static void check(SessionId id, String what, List<?> mine, List<?> theirs) {
        if (!mine.equals(theirs)) {
            throw new CorruptDataException(
                    "Expected the same " + what + " of session " + id + " in both stores, found that they differ");
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("Expected SHA-256, which every Java platform has", missing);
        }
    }
}
