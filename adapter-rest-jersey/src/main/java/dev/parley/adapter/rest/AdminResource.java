package dev.parley.adapter.rest;

import dev.parley.application.command.Command;
import dev.parley.application.command.Statistics;
import dev.parley.domain.access.UserId;
import dev.parley.domain.live.ConnectionInfo;
import dev.parley.domain.live.Hint;
import dev.parley.domain.telemetry.Standouts;
import dev.parley.protocols.json.FieldException;
import dev.parley.protocols.json.Fields;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonWriter;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/** For those who run the server. */
@Path("/api/admin")
@Consumes(MediaType.APPLICATION_JSON)
public final class AdminResource {

    private static final int LONGEST_ANNOUNCEMENT = 1000;

    AdminResource() {}

    @POST
    @Path("revocations")
    public Response revoke(@Context ContainerRequestContext request, byte[] bytes) {
        JsonObject body = Answers.body(bytes);
        Optional<String> user = body.text("user_id");
        Optional<String> token = body.text("token_id");
        if (user.isPresent() == token.isPresent() || token.filter(String::isBlank).isPresent()) {
            throw new FieldException("Expected user_id or token_id");
        }
        Visit visit = Visit.of(request);
        user.ifPresent(id -> visit.ask(new Command.RevokeUser(Fields.checked(() -> new UserId(id)))));
        token.ifPresent(id -> visit.ask(new Command.RevokeToken(id)));
        return Answers.nothing();
    }

    @POST
    @Path("announcements")
    public Response announce(@Context ContainerRequestContext request, byte[] bytes) {
        JsonObject body = Answers.body(bytes);
        String message = body.requiredText("message");
        if (message.isBlank() || message.length() > LONGEST_ANNOUNCEMENT) {
            throw new FieldException("Expected a message of 1 to " + LONGEST_ANNOUNCEMENT + " characters");
        }
        Hint.Level level = body.text("level")
                .map(word -> Fields.constant(Hint.Level.class, "level", word))
                .orElse(Hint.Level.INFO);
        Visit.of(request).ask(new Command.Announce(message, level));
        return Answers.nothing();
    }

    @GET
    @Path("stats")
    public Response statistics(@Context ContainerRequestContext request) {
        Statistics statistics = Visit.of(request).ask(new Command.GetStatistics());
        JsonWriter json = new JsonWriter(4096).begin();
        json.field("connections_total", statistics.connections().total());
        json.field("replies_waiting", statistics.waiting()).field("replies_running", statistics.running());
        json.each("connections", statistics.connections().items(), AdminResource::connection);
        json.each("busiest_users", statistics.standouts().busiestUsers(), AdminResource::traffic);
        json.each("most_refused_sessions", statistics.standouts().mostRefusedSessions(), AdminResource::errors);
        return Answers.json(json.end());
    }

    private static void traffic(JsonWriter to, Standouts.UserTraffic traffic) {
        to.begin().field("user_id", traffic.user().value());
        to.field("bytes_sent", traffic.sent()).field("bytes_received", traffic.received()).end();
    }

    private static void errors(JsonWriter to, Standouts.SessionErrors errors) {
        to.begin().field("session_id", errors.session().value());
        to.field("commands", errors.commands()).field("refused", errors.refused()).field("error_rate", errors.rate()).end();
    }

    static void connection(JsonWriter to, ConnectionInfo connection) {
        to.begin().field("connection_id", connection.id().value());
        to.field("node", connection.node().value());
        to.nullable("session_id", connection.session().map(Object::toString));
        to.field("user_id", connection.user().value()).field("protocol", connection.protocol());
        to.field("connected_at", connection.connectedAt()).field("last_ping", connection.lastPing());
        to.field("active", connection.active()).end();
    }
}
