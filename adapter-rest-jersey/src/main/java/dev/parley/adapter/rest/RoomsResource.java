package dev.parley.adapter.rest;

import dev.parley.application.command.Command;
import dev.parley.application.command.SettingsPatch;
import dev.parley.application.command.Statistics;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.TokenIssuer;
import dev.parley.domain.access.UserId;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.live.ConnectionInfo;
import dev.parley.domain.live.Presence;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.json.Fields;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonWriter;
import dev.parley.protocols.json.SessionJson;
import dev.parley.protocols.rooms.RoomFields;
import dev.parley.protocols.rooms.RoomJson;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What clients of the protocol of rooms do without a socket: tokens for one, rooms and their members. */
@Path("/api/v1/ws")
public final class RoomsResource {

    private static final Duration SOCKET_TOKEN = Duration.ofHours(24);
    private static final String SCHEME = "bearer ";

    private final RestSettings settings;
    private final Supplier<Optional<TokenIssuer>> issuers;
    private final InstantSource clock;

    /** {@code issuers} gives none where tokens are signed elsewhere */
    RoomsResource(RestSettings settings, Supplier<Optional<TokenIssuer>> issuers, InstantSource clock) {
        this.settings = settings;
        this.issuers = issuers;
        this.clock = clock;
    }

    /** Where this server signs no tokens, the client's own opens sockets too, for as long as it lasts. */
    @POST
    @Path("token")
    @Consumes(MediaType.WILDCARD)
    public Response token(@Context ContainerRequestContext request) {
        Visit visit = Visit.of(request);
        Principal who = visit.principal();
        if (who.anonymous()) {
            throw new Refused(
                    ErrorCode.FORBIDDEN, "Expected somebody with a name; who is anonymous connects without a token");
        }
        Optional<TokenIssuer> issuer = issuers.get();
        if (issuer.isPresent()) {
            return token(issuer.get().issue(who.forSockets(), SOCKET_TOKEN), SOCKET_TOKEN);
        }
        Instant now = clock.instant();
        Duration left = who.expiresAt().map(end -> Duration.between(now, end)).orElse(SOCKET_TOKEN);
        return token(own(visit), left);
    }

    private static Response token(String token, Duration lifetime) {
        return Answers.json(new JsonWriter(512).begin()
                .field("token", token)
                .field("expires_in", lifetime.toSeconds())
                .end());
    }

    private static String own(Visit visit) {
        return visit.exchange()
                .header("authorization")
                .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .map(value -> value.substring(SCHEME.length()).strip())
                .orElseThrow(() -> new Refused(
                        ErrorCode.UNAUTHORIZED, "Expected a token of one's own where this server makes none"));
    }

    @GET
    @Path("stats")
    public Response statistics(@Context ContainerRequestContext request) {
        Statistics statistics = Visit.of(request).ask(new Command.GetStatistics());
        List<ConnectionInfo> connections = statistics.connections().items();
        JsonWriter json = new JsonWriter(4096).begin();
        json.field("total_connections", statistics.connections().total());
        json.field("active_users", connections.stream().map(ConnectionInfo::user).distinct().count());
        json.field(
                "active_rooms",
                connections.stream().flatMap(each -> each.session().stream()).distinct().count());
        json.field("replies_waiting", statistics.waiting()).field("replies_running", statistics.running());
        json.each("connections", connections, (to, connection) -> {
            to.begin().field("connection_id", connection.id().value());
            to.field("user_id", connection.user().value());
            to.nullable("room_id", connection.session().map(SessionId::value));
            to.field("protocol", connection.protocol()).field("connected_at", connection.connectedAt());
            to.field("last_ping", connection.lastPing()).field("active", connection.active()).end();
        });
        return Answers.json(json.end());
    }

    @POST
    @Path("rooms")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(@Context ContainerRequestContext request, byte[] bytes) {
        JsonObject body = Answers.body(bytes);
        Session session = Visit.of(request)
                .ask(new Command.CreateSession(
                        body.text("room_id").map(Answers::session),
                        body.text("room_name"),
                        RoomFields.roomType(body.text("room_type")).orElse(settings.visibility()),
                        body.texts("participants").orElse(List.of()).stream().map(RoomsResource::user).toList(),
                        Optional.empty(),
                        SettingsPatch.NONE));
        return Answers.json(201, room(session, List.of()))
                .header("Location", "/api/v1/ws/rooms/" + session.id())
                .build();
    }

    @GET
    @Path("rooms/{room_id}")
    public Response get(@Context ContainerRequestContext request, @PathParam("room_id") String room) {
        Visit visit = Visit.of(request);
        SessionId id = Answers.session(room);
        Session session = visit.ask(new Command.GetSession(id));
        return Answers.json(room(session, visit.ask(new Command.ListPresent(id))));
    }

    @DELETE
    @Path("rooms/{room_id}")
    public Response delete(@Context ContainerRequestContext request, @PathParam("room_id") String room) {
        Visit.of(request).ask(new Command.CloseSession(Answers.session(room)));
        return Answers.nothing();
    }

    @PUT
    @Path("rooms/{room_id}/members/{user_id}")
    @Consumes(MediaType.WILDCARD)
    public Response addMember(
            @Context ContainerRequestContext request,
            @PathParam("room_id") String room,
            @PathParam("user_id") String user) {
        Visit visit = Visit.of(request);
        return Answers.json(
                room(visit.ask(new Command.AddMember(Answers.session(room), user(user))), List.of()));
    }

    @DELETE
    @Path("rooms/{room_id}/members/{user_id}")
    public Response removeMember(
            @Context ContainerRequestContext request,
            @PathParam("room_id") String room,
            @PathParam("user_id") String user) {
        Visit.of(request).ask(new Command.RemoveMember(Answers.session(room), user(user)));
        return Answers.nothing();
    }

    private JsonWriter room(Session session, List<Presence.Present> present) {
        JsonWriter json = RoomJson.fields(new JsonWriter(512).begin(), session);
        json.texts("online", present.stream().map(Presence.Present::user).toList());
        json.field("status", SessionJson.word(session.status(clock.instant(), settings.idleAfter())));
        json.field("created_at", session.startedAt()).field("last_activity", session.lastActivity());
        return json.end();
    }

    private static UserId user(String id) {
        return Fields.checked(() -> new UserId(id));
    }
}
