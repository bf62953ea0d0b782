package dev.parley.adapter.rest;

import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.message.Message;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.Slice;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Writes conversations out while others go on in them. The list of sessions moves whenever something is said, so the sessions are
 * fixed before the first is written, and what is gone by its turn is passed over.
 */
final class Exporting {

    /** A list that moved on its way is looked through again, and no more often than this. */
    private static final int PASSES = 5;

    /** Where conversations come from. */
    interface Source {

        Page<Session> sessions(PageRequest page);

        /** Empty when it is gone. */
        Optional<Session> session(SessionId id);

        /** Empty when they are gone. */
        Optional<Page<Message>> messages(SessionId session, Slice slice);

        /** Whether nobody reads on. */
        default boolean over() {
            return false;
        }
    }

    private final Source source;
    private final ExportFormat format;
    private final OutputStream out;

    Exporting(Source source, ExportFormat format, OutputStream out) {
        this.source = source;
        this.format = format;
        this.out = out;
    }

    /** Writes one session, or all. */
    void write(Optional<Session> one) throws IOException {
        format.begin(out);
        if (one.isPresent()) {
            write(one.get());
        } else {
            for (SessionId id : ids()) {
                if (source.over()) {
                    return;
                }
                Optional<Session> session = source.session(id);
                if (session.isPresent()) {
                    write(session.get());
                }
            }
        }
        format.end(out);
        out.flush();
    }

    private Set<SessionId> ids() {
        Set<SessionId> ids = new LinkedHashSet<>();
        for (int pass = 0; pass < PASSES && moved(ids); pass++) {
            // Once more: what came or went meanwhile may have hidden others.
        }
        return ids;
    }

    /** Looks through the list; whether that found what may not be all. */
    private boolean moved(Set<SessionId> ids) {
        int before = ids.size();
        int offset = 0;
        while (true) {
            Page<Session> page = source.sessions(new PageRequest(offset, PageRequest.MAX_LIMIT));
            page.items().forEach(session -> ids.add(session.id()));
            boolean whole = offset == 0 && page.items().size() >= page.total();
            offset += page.items().size();
            if (page.items().isEmpty() || offset >= page.total()) {
                return !whole && ids.size() > before;
            }
        }
    }

    private void write(Session session) throws IOException {
        format.session(session, out);
        Slice next = new Slice.FromOldest(0, PageRequest.MAX_LIMIT);
        while (!source.over()) {
            List<Message> messages =
                    source.messages(session.id(), next).map(Page::items).orElse(List.of());
            for (Message message : messages) {
                format.message(session, message, out);
            }
            out.flush();
            if (messages.size() < PageRequest.MAX_LIMIT) {
                break;
            }
            next = new Slice.After(messages.getLast().id(), PageRequest.MAX_LIMIT);
        }
        format.endOfSession(out);
    }
}
