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
        written.begin(out);
        if (named.isPresent()) {
            write(named.get(), written, out);
        } else {
            all(written, out);
        }
        written.end(out);
        out.flush();
        return true;
    }

    private void all(ExportFormat format, OutputStream out) throws IOException {
        int offset = 0;
        Page<Session> page;
        do {
            page = sessions.all(new PageRequest(offset, PageRequest.MAX_LIMIT));
            for (Session session : page.items()) {
                write(session, format, out);
            }
            offset += page.items().size();
        } while (!page.items().isEmpty() && offset < page.total());
    }

    private void write(Session session, ExportFormat format, OutputStream out) throws IOException {
        format.session(session, out);
        long offset = 0;
        Page<Message> page;
        do {
            page = messages.page(session.id(), new Slice.FromOldest(offset, PageRequest.MAX_LIMIT));
            for (Message message : page.items()) {
                format.message(session, message, out);
            }
            offset += page.items().size();
        } while (!page.items().isEmpty() && offset < page.total());
        format.endOfSession(out);
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
