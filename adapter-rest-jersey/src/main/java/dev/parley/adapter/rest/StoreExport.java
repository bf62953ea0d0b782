package dev.parley.adapter.rest;

import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.access.Principal;
import dev.parley.domain.message.Message;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.MessageStore;
import dev.parley.domain.store.SessionStore;
import dev.parley.domain.store.Slice;
import dev.parley.protocols.json.Texts;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Writes conversations of a store out in the formats of the export address, for those who hold the store itself. */
public final class StoreExport {

    /** How conversations can be written. */
    public static final List<String> FORMATS = List.of("json", "markdown", "html", "csv");

    private final SessionStore sessions;
    private final MessageStore messages;

    public StoreExport(SessionStore sessions, MessageStore messages) {
        this.sessions = sessions;
        this.messages = messages;
    }

    /**
     * Writes one session, or all, most recently active first.
     *
     * @param viewer an administrator, so that everything is seen
     * @param format one of {@link #FORMATS}
     * @return false, and nothing written, when there is no such session
     */
    public boolean write(
            Optional<SessionId> one, String format, Principal viewer, Instant now, Duration idleAfter, OutputStream out)
            throws IOException {
        ExportFormat written = format(format, viewer, now, idleAfter);
        Optional<Session> named = one.flatMap(sessions::find);
        if (one.isPresent() && named.isEmpty()) {
            return false;
        }
        new Exporting(new Stored(sessions, messages), written, out).write(named);
        return true;
    }

    /** Everything that is stored. */
    private record Stored(SessionStore sessions, MessageStore messages) implements Exporting.Source {

        @Override
        public Page<Session> sessions(PageRequest page) {
            return sessions.all(page);
        }

        @Override
        public Optional<Session> session(SessionId id) {
            return sessions.find(id);
        }

        @Override
        public Optional<Page<Message>> messages(SessionId session, Slice slice) {
            return Optional.of(messages.page(session, slice));
        }
    }

    private static ExportFormat format(String word, Principal viewer, Instant now, Duration idleAfter) {
        return switch (word) {
            case "json" -> new JsonExport(viewer, now, idleAfter);
            case "markdown" -> new MarkdownExport();
            case "html" -> new HtmlExport(Texts.Language.preferred(List.of("en")));
            case "csv" -> new CsvExport();
            default -> throw new IllegalArgumentException("Expected one of " + FORMATS + ", found another");
        };
    }
}
