package dev.parley.adapter.rest;

import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
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
        StreamingOutput stream = out -> new Exporting(new Seen(visit), format, out).write(one);
        String name = "parley-" + named.map(id -> id.value().replace(':', '-')).orElse("conversations");
        return Response.ok(stream, format.mediaType())
                .header("Content-Disposition", "attachment; filename=\"" + name + "." + format.ending() + "\"")
                .build();
    }

    /** What the visitor may see. */
    private record Seen(Visit visit) implements Exporting.Source {

        @Override
        public Page<Session> sessions(PageRequest page) {
            return visit.ask(new Command.ListSessions(page));
        }

        @Override
        public Optional<Session> session(SessionId id) {
            return unlessGone(visit.handle(new Command.GetSession(id)));
        }

        @Override
        public Optional<Page<Message>> messages(SessionId session, Slice slice) {
            return unlessGone(visit.handle(new Command.ListMessages(session, slice)));
        }

        @Override
        public boolean over() {
            return visit.clientGone();
        }

        /** What was purged or left meanwhile is passed over; everything else ends the export. */
        private static <R> Optional<R> unlessGone(Outcome<R> outcome) {
            return switch (outcome) {
                case Outcome.Done<R> done -> Optional.of(done.value());
                case Outcome.Refused<R> refused -> switch (refused.refusal().code()) {
                    case NOT_FOUND, FORBIDDEN, GONE -> Optional.empty();
                    default -> throw new Refused(refused.refusal());
                };
            };
        }
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
