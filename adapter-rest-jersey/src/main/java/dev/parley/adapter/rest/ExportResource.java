package dev.parley.adapter.rest;

import dev.parley.application.command.Command;
import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.message.Message;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.Slice;
import dev.parley.protocols.json.FieldException;
import dev.parley.protocols.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.Optional;

/** Conversations to take away, written while they are read. */
@Path("/api/chat/export")
@Consumes(MediaType.APPLICATION_JSON)
public final class ExportResource {

    private final RestSettings settings;
    private final InstantSource clock;

    ExportResource(RestSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    @POST
    public Response export(@Context ContainerRequestContext request, byte[] bytes) {
        Visit visit = Visit.of(request);
        JsonObject body = Answers.body(bytes);
        Optional<SessionId> named = body.text("session_id").map(Answers::session);
        ExportFormat format = format(visit, body.text("format").orElse("json"));
        // Asked before the answer begins, so that a refusal has a status of its own.
        Optional<Session> one = named.map(id -> visit.ask(new Command.GetSession(id)));
        StreamingOutput stream = out -> {
            format.begin(out);
            if (one.isPresent()) {
                write(visit, format, one.get(), out);
            } else {
                all(visit, format, out);
            }
            format.end(out);
        };
        String name = "parley-" + named.map(id -> id.value().replace(':', '-')).orElse("conversations");
        return Response.ok(stream, format.mediaType())
                .header("Content-Disposition", "attachment; filename=\"" + name + "." + format.ending() + "\"")
                .build();
    }

    private void all(Visit visit, ExportFormat format, OutputStream out) throws IOException {
        int offset = 0;
        Page<Session> page;
        do {
            page = visit.ask(new Command.ListSessions(new PageRequest(offset, PageRequest.MAX_LIMIT)));
            for (Session session : page.items()) {
                write(visit, format, session, out);
            }
            offset += page.items().size();
        } while (!page.items().isEmpty() && offset < page.total() && !visit.clientGone());
    }

    private static void write(Visit visit, ExportFormat format, Session session, OutputStream out)
            throws IOException {
        format.session(session, out);
        long offset = 0;
        Page<Message> page;
        do {
            page = visit.ask(
                    new Command.ListMessages(session.id(), new Slice.FromOldest(offset, PageRequest.MAX_LIMIT)));
            for (Message message : page.items()) {
                format.message(session, message, out);
            }
            offset += page.items().size();
            out.flush();
        } while (!page.items().isEmpty() && offset < page.total() && !visit.clientGone());
        format.endOfSession(out);
    }

    private ExportFormat format(Visit visit, String word) {
        return switch (word) {
            case "json" -> new JsonExport(visit.principal(), clock.instant(), settings.idleAfter());
            case "markdown", "md" -> new MarkdownExport();
            case "html" -> new HtmlExport(visit.language());
            case "csv" -> new CsvExport();
            default -> throw new FieldException("Expected format to be json, markdown, html or csv");
        };
    }
}
