package dev.parley.adapter.rest;

import dev.parley.application.command.Command;
import dev.parley.application.command.SettingsPatch;
import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.live.Presence;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.project.ProjectId;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import dev.parley.domain.store.Slice;
import dev.parley.domain.topic.Publication;
import dev.parley.domain.topic.TopicId;
import dev.parley.protocols.json.AttachmentJson;
import dev.parley.protocols.json.FieldException;
import dev.parley.protocols.json.Fields;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonValue;
import dev.parley.protocols.json.JsonWriter;
import dev.parley.protocols.json.SessionJson;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sessions, their members and what was said in them. */
@Path("/api/chat/sessions")
@Consumes(MediaType.APPLICATION_JSON)
public final class SessionsResource {

    private final RestSettings settings;
    private final InstantSource clock;

    SessionsResource(RestSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    @GET
    public Response list(@Context ContainerRequestContext request) {
        Visit visit = Visit.of(request);
        PageRequest page = Answers.page(visit);
        Page<Session> sessions = visit.ask(new Command.ListSessions(page));
        JsonWriter json = new JsonWriter(4096).begin();
        json.each("sessions", sessions.items(), (to, session) -> write(to, session, visit));
        json.field("total", sessions.total()).name("next");
        long next = (long) page.offset() + sessions.items().size();
        return Answers.json((next < sessions.total() ? json.value(next) : json.nothing()).end());
    }

    @POST
    public Response create(@Context ContainerRequestContext request, byte[] bytes) {
        Visit visit = Visit.of(request);
        JsonObject body = Answers.body(bytes);
        Session session = visit.ask(body.has("fork_of") ? fork(body) : creation(body));
        return Answers.json(201, write(new JsonWriter(1024), session, visit))
                .header("Location", "/api/chat/sessions/" + session.id())
                .build();
    }

    @GET
    @Path("{id}")
    public Response get(@Context ContainerRequestContext request, @PathParam("id") String id) {
        Visit visit = Visit.of(request);
        return answer(visit, visit.ask(new Command.GetSession(Answers.session(id))));
    }

    @PATCH
    @Path("{id}")
    public Response update(@Context ContainerRequestContext request, @PathParam("id") String id, byte[] bytes) {
        Visit visit = Visit.of(request);
        JsonObject body = Answers.body(bytes);
        return answer(
                visit,
                visit.ask(new Command.UpdateSession(
                        Answers.session(id), title(body), visibility(body), settings(body))));
    }

    @DELETE
    @Path("{id}")
    public Response close(@Context ContainerRequestContext request, @PathParam("id") String id) {
        Visit visit = Visit.of(request);
        SessionId session = Answers.session(id);
        if (visit.parameter("purge").filter("true"::equals).isPresent()) {
            visit.ask(new Command.PurgeSession(session));
        } else {
            visit.ask(new Command.CloseSession(session));
        }
        return Answers.nothing();
    }

    @PUT
    @Path("{id}/members/{user_id}")
    @Consumes(MediaType.WILDCARD)
    public Response addMember(
            @Context ContainerRequestContext request, @PathParam("id") String id, @PathParam("user_id") String user) {
        Visit visit = Visit.of(request);
        return answer(visit, visit.ask(new Command.AddMember(Answers.session(id), user(user))));
    }

    @DELETE
    @Path("{id}/members/{user_id}")
    public Response removeMember(
            @Context ContainerRequestContext request, @PathParam("id") String id, @PathParam("user_id") String user) {
        Visit.of(request).ask(new Command.RemoveMember(Answers.session(id), user(user)));
        return Answers.nothing();
    }

    @GET
    @Path("{id}/presence")
    public Response presence(@Context ContainerRequestContext request, @PathParam("id") String id) {
        List<Presence.Present> there = Visit.of(request).ask(new Command.ListPresent(Answers.session(id)));
        JsonWriter json = new JsonWriter().begin();
        json.each("present", there, (to, present) -> to.begin()
                .field("user_id", present.user().value())
                .field("userId", present.user().value())
                .field("name", present.name())
                .field("status", "online")
                .end());
        return Answers.json(json.field("total", there.size()).end());
    }

    @GET
    @Path("{id}/attachments")
    public Response attachments(@Context ContainerRequestContext request, @PathParam("id") String id) {
        Visit visit = Visit.of(request);
        Page<Attachment> page = visit.ask(new Command.ListAttachments(Answers.session(id), Answers.page(visit)));
        JsonWriter json = new JsonWriter(1024).begin();
        AttachmentJson.write(json.name("attachments"), page.items());
        return Answers.json(json.field("total", page.total()).end());
    }

    @GET
    @Path("{id}/messages")
    public Response messages(@Context ContainerRequestContext request, @PathParam("id") String id) {
        Visit visit = Visit.of(request);
        SessionId session = Answers.session(id);
        Optional<MessageId> root = visit.parameter("parent_id")
                .or(() -> visit.parameter("parentMessageId"))
                .map(Answers::message);
        if (root.isPresent()) {
            return thread(visit, session, root.get());
        }
        Slice slice = Fields.slice(parameters(visit));
        return MessageAnswers.part(visit, visit.ask(new Command.ListMessages(session, slice)), slice);
    }

    @GET
    @Path("{id}/search")
    public Response search(@Context ContainerRequestContext request, @PathParam("id") String id) {
        Visit visit = Visit.of(request);
        String words = visit.parameter("q").or(() -> visit.parameter("query")).orElse("");
        return MessageAnswers.found(
                visit, visit.ask(new Command.SearchMessages(Answers.session(id), words, Answers.page(visit))));
    }

    @GET
    @Path("{id}/messages/search")
    public Response searchMessages(@Context ContainerRequestContext request, @PathParam("id") String id) {
        return search(request, id);
    }

    /** Tells all connections of the session what another system says. */
    @POST
    @Path("{id}/notifications")
    public Response announce(@Context ContainerRequestContext request, @PathParam("id") String id, byte[] bytes) {
        Publication notification = new Publication.Notification(Answers.payload(Answers.body(bytes)));
        TopicId own = TopicId.of(Answers.session(id));
        return Answers.published(Visit.of(request).ask(new Command.Publish(own, notification)));
    }

    private static Response thread(Visit visit, SessionId session, MessageId root) {
        if (!visit.ask(new Command.GetMessage(root)).session().equals(session)) {
            throw new FieldException("Expected the parent to be a message of this session");
        }
        PageRequest page = Answers.page(visit);
        Slice slice = new Slice.FromOldest(page.offset(), page.limit());
        return MessageAnswers.part(visit, visit.ask(new Command.ListThread(root, page)), slice);
    }

    private Response answer(Visit visit, Session session) {
        return Answers.json(write(new JsonWriter(1024), session, visit));
    }

    private JsonWriter write(JsonWriter to, Session session, Visit visit) {
        return SessionJson.write(
                to,
                session,
                session.status(clock.instant(), settings.idleAfter()),
                SessionJson.privileged(visit.principal(), session));
    }

    private Command<Session> creation(JsonObject body) {
        return new Command.CreateSession(
                body.text("session_id").map(Answers::session),
                title(body),
                visibility(body).orElse(settings.visibility()),
                body.texts("members")
                        .orElse(List.of())
                        .stream()
                        .map(SessionsResource::user)
                        .toList(),
                body.text("project_id").map(id -> Fields.checked(() -> new ProjectId(id))),
                settings(body));
    }

    private static Command<Session> fork(JsonObject body) {
        return new Command.ForkSession(
                Answers.session(body.requiredText("fork_of")),
                body.text("until").map(Answers::message),
                body.text("session_id").map(Answers::session),
                title(body));
    }

    private static Optional<String> title(JsonObject body) {
        return body.text("title").map(title -> {
            if (title.length() > Session.MAX_TITLE) {
                throw new FieldException("Expected a title of at most " + Session.MAX_TITLE + " characters");
            }
            return title;
        });
    }

    private static Optional<Visibility> visibility(JsonObject body) {
        return body.text("visibility").map(word -> Fields.constant(Visibility.class, "visibility", word));
    }

    private static SettingsPatch settings(JsonObject body) {
        return body.object("settings")
                .map(settings -> new SettingsPatch(
                        patched(settings, "model_preference"),
                        patched(settings, "language"),
                        settings.truth("stream_responses")))
                .orElse(SettingsPatch.NONE);
    }

    /** {@code null} takes a setting away. */
    private static Optional<String> patched(JsonObject settings, String name) {
        return settings.fields().get(name) == JsonValue.Nothing.NOTHING ? Optional.of("") : settings.text(name);
    }

    private static UserId user(String id) {
        return Fields.checked(() -> new UserId(id));
    }

    /** The paging parameters as the frame {@code history} has them. */
    private static JsonObject parameters(Visit visit) {
        Map<String, JsonValue> fields = new LinkedHashMap<>();
        for (String name : List.of("before", "after")) {
            visit.parameter(name).ifPresent(value -> fields.put(name, new JsonValue.Text(value)));
        }
        for (String name : List.of("limit", "offset")) {
            Answers.whole(visit, name)
                    .ifPresent(value -> fields.put(name, new JsonValue.Numeral(Integer.toString(value))));
        }
        return new JsonObject(fields);
    }
}
