package dev.parley.adapter.rest;

import dev.parley.application.command.Command;
import dev.parley.domain.Page;
import dev.parley.domain.access.AuditTrail;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.live.ConnectionInfo;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.session.Session;
import dev.parley.protocols.connection.Traffic;
import dev.parley.protocols.json.Fields;
import dev.parley.protocols.json.JsonWriter;
import dev.parley.protocols.json.SessionJson;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What the operations page shows of a running server, and what is done from there. */
@Path("/api/admin")
public final class OperationsResource {

    private final Duration idleAfter;
    private final InstantSource clock;
    private final Supplier<Traffic.Totals> traffic;
    private final List<ShownSetting> shown;

    OperationsResource(
            Duration idleAfter, InstantSource clock, Supplier<Traffic.Totals> traffic, List<ShownSetting> shown) {
        this.idleAfter = idleAfter;
        this.clock = clock;
        this.traffic = traffic;
        this.shown = List.copyOf(shown);
    }

    /** A beat every second, for as long as the client listens, its token is in force and the server takes work. */
    @GET
    @Path("live")
    public Response live(@Context ContainerRequestContext request) {
        Visit visit = Visit.of(request);
        visit.ask(new Command.GetLoad());
        StreamingOutput stream = out -> new LoadStream(visit, traffic, clock).pump(out);
        return Response.ok(stream, "text/event-stream;charset=utf-8")
                .header("Cache-Control", "no-store, no-transform")
                .header("X-Accel-Buffering", "no")
                .build();
    }

    @GET
    @Path("replies")
    public Response replies(@Context ContainerRequestContext request) {
        Command.Unfinished unfinished = Visit.of(request).ask(new Command.ListUnfinished());
        JsonWriter json = new JsonWriter(1024).begin().field("total", unfinished.replies().size());
        return Answers.json(json.each("replies", unfinished.replies(), OperationsResource::reply).end());
    }

    @POST
    @Path("sessions/{session}/replies/{message}/stop")
    public Response stop(
            @Context ContainerRequestContext request, @PathParam("session") String session,
            @PathParam("message") String message) {
        Command.Stopped stopped = Visit.of(request)
                .ask(new Command.StopReplies(Answers.session(session), Optional.of(Answers.message(message))));
        JsonWriter json = new JsonWriter().begin();
        return Answers.json(json.texts("stopped", stopped.replies().stream().map(MessageId::value).toList()).end());
    }

    @GET
    @Path("connections")
    public Response connections(@Context ContainerRequestContext request) {
        Visit visit = Visit.of(request);
        Page<ConnectionInfo> page = visit.ask(new Command.ListConnections(wanted(visit), Answers.page(visit)));
        JsonWriter json = new JsonWriter(4096).begin().field("total", page.total());
        return Answers.json(json.each("connections", page.items(), AdminResource::connection).end());
    }

    @DELETE
    @Path("connections/{id}")
    public Response dismiss(@Context ContainerRequestContext request, @PathParam("id") String id) {
        Visit.of(request).ask(new Command.DismissConnection(Fields.checked(() -> new ConnectionId(id))));
        return Answers.nothing();
    }

    @GET
    @Path("sessions")
    public Response sessions(@Context ContainerRequestContext request) {
        Visit visit = Visit.of(request);
        Page<Session> page = visit.ask(new Command.ListEverySession(wanted(visit), Answers.page(visit)));
        JsonWriter json = new JsonWriter(4096).begin().field("total", page.total());
        json.each("sessions", page.items(),
                (to, session) -> SessionJson.write(to, session, session.status(clock.instant(), idleAfter), true));
        return Answers.json(json.end());
    }

    @GET
    @Path("audit")
    public Response audit(@Context ContainerRequestContext request) {
        Visit visit = Visit.of(request);
        int limit = Answers.whole(visit, "limit").orElse(100);
        Command.Audit audit = visit.ask(new Command.ListAudit(limit));
        JsonWriter json = new JsonWriter(4096).begin();
        return Answers.json(json.each("entries", audit.entries(), OperationsResource::entry).end());
    }

    @GET
    @Path("settings")
    public Response settings(@Context ContainerRequestContext request) {
        Visit.of(request).ask(new Command.ReadSettings());
        JsonWriter json = new JsonWriter(8192).begin();
        return Answers.json(json.each("settings", shown, OperationsResource::setting).end());
    }

    private static String wanted(Visit visit) {
        return visit.parameter("query").orElse("");
    }

    private static void reply(JsonWriter to, Reply reply) {
        to.begin().field("message_id", reply.id().value());
        to.field("session_id", reply.session().value()).field("question_id", reply.question().value());
        to.field("asked_by", reply.asker().value()).field("asked_at", reply.requestedAt());
        to.field("node", reply.owner().value()).field("characters", reply.checkpoint().length());
        to.nullable("stop_requested_by", reply.stopRequestedBy().map(Object::toString)).end();
    }

    private static void entry(JsonWriter to, AuditTrail.Entry entry) {
        to.begin().field("at", entry.at()).field("by", entry.by().value());
        to.field("action", entry.action()).field("subject", entry.subject()).end();
    }

    private static void setting(JsonWriter to, ShownSetting setting) {
        to.begin().field("name", setting.name()).field("value", setting.value());
        to.field("source", setting.source()).field("default", setting.standard()).end();
    }
}
