package dev.parley.adapter.rest;

import dev.parley.domain.message.Message;
import dev.parley.domain.session.Session;
import java.io.IOException;
import java.io.OutputStream;

/** How conversations are written down. Used by one thread, for one export. */
interface ExportFormat {

    String mediaType();

    /** What the file's name ends with, without the dot. */
    String ending();

    void begin(OutputStream out) throws IOException;

    void session(Session session, OutputStream out) throws IOException;

    void message(Session session, Message message, OutputStream out) throws IOException;

    void endOfSession(OutputStream out) throws IOException;

    void end(OutputStream out) throws IOException;
}
