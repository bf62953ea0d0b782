package dev.parley.adapter.rest;

import dev.parley.domain.access.Principal;
import dev.parley.domain.message.Message;
import dev.parley.domain.session.Session;
import dev.parley.protocols.json.JsonWriter;
import dev.parley.protocols.json.MessageJson;
import dev.parley.protocols.json.SessionJson;
import dev.parley.protocols.json.WireTime;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** {@code {exported_at, sessions: [{session, messages: […]}]}}, everything that may be seen. */
final class JsonExport implements ExportFormat {

    private final Principal viewer;
    private final Instant now;
    private final Duration idleAfter;
    private String beforeSession = "";
    private String beforeMessage = "";

    JsonExport(Principal viewer, Instant now, Duration idleAfter) {
        this.viewer = viewer;
        this.now = now;
        this.idleAfter = idleAfter;
    }

    @Override
    public String mediaType() {
        return "application/json";
    }

    @Override
    public String ending() {
        return "json";
    }

    @Override
    public void begin(OutputStream out) throws IOException {
        write(out, "{\"exported_at\":\"" + WireTime.format(now) + "\",\"sessions\":[");
    }

    @Override
    public void session(Session session, OutputStream out) throws IOException {
        write(out, beforeSession + "\n{\"session\":");
        beforeSession = ",";
        beforeMessage = "";
        boolean privileged = SessionJson.privileged(viewer, session);
        out.write(SessionJson.write(new JsonWriter(1024), session, session.status(now, idleAfter), privileged)
                .toUtf8());
        write(out, ",\"messages\":[");
    }

    @Override
    public void message(Session session, Message message, OutputStream out) throws IOException {
        write(out, beforeMessage + "\n");
        beforeMessage = ",";
        out.write(MessageJson.write(new JsonWriter(1024), message, session.project(), Optional.of(viewer.user()))
                .toUtf8());
    }

    @Override
    public void endOfSession(OutputStream out) throws IOException {
        write(out, "]}");
    }

    @Override
    public void end(OutputStream out) throws IOException {
        write(out, "]}\n");
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
