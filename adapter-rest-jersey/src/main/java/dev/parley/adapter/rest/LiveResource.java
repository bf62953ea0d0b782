package dev.parley.adapter.rest;

import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.domain.Registration;
import dev.parley.domain.access.Principal;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.project.ProjectId;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Handshake;
import dev.parley.protocols.admission.ConnectionSlots;
import dev.parley.protocols.chat.ChatProtocol;
import dev.parley.protocols.chat.Cursor;
import dev.parley.protocols.connection.Arrival;
import dev.parley.protocols.connection.Connection;
import dev.parley.protocols.connection.Connections;
import dev.parley.protocols.json.FieldException;
import dev.parley.protocols.json.Fields;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What happens in a session, for clients that cannot keep a WebSocket: the same frames, the same cursors. */
@Path("/api/chat/sessions")
public final class LiveResource {

    private final RestSettings settings;
    private final ChatProtocol protocol;
    private final Supplier<Connections> connections;
    private final Supplier<ConnectionSlots> slots;
    private final InstantSource clock;
    private final PollChannels channels = new PollChannels();

    LiveResource(
            RestSettings settings,
            ChatProtocol protocol,
            Supplier<Connections> connections,
            Supplier<ConnectionSlots> slots,
            InstantSource clock) {
        this.settings = settings;
        this.protocol = protocol;
        this.connections = connections;
        this.slots = slots;
        this.clock = clock;
    }

    @GET
    @Path("{id}/events")
    public Response events(@Context ContainerRequestContext request, @PathParam("id") String id) {
        Visit visit = Visit.of(request);
        SessionId session = Answers.session(id);
        Map<String, String> place = place(visit);
        // A browser that comes back by itself repeats its old address and knows better by now.
        visit.exchange()
                .header("last-event-id")
                .filter(last -> Cursor.parse(last).isPresent())
                .ifPresent(last -> {
                    place.put("since", last);
                    place.remove("streams");
                });
        enter(visit, session);
        // Whether or not the answer ever begins, the place is free again after it.
        visit.whenOver(slot(visit));
        Cursor start = Optional.ofNullable(place.get("since")).flatMap(Cursor::parse).orElse(Cursor.at(0));
        EventStream events = new EventStream(start, settings.comment(), visit.exchange()::ending);
        StreamingOutput stream = out -> pump(visit, out, events, arrival(visit, session, place));
        return Response.ok(stream, "text/event-stream;charset=utf-8")
                .header("Cache-Control", "no-store, no-transform")
                .header("X-Accel-Buffering", "no")
                .build();
    }

    private void pump(Visit visit, OutputStream out, EventStream stream, Arrival arrival) throws IOException {
        Connection connection = connections.get().connect(protocol, arrival, stream);
        try {
            connection.opened();
            stream.pump(out, visit::clientGone);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            connection.gone(1006);
            stream.abandon();
        }
    }

    @GET
    @Path("{id}/poll")
    public Response poll(@Context ContainerRequestContext request, @PathParam("id") String id)
            throws InterruptedException {
        Visit visit = Visit.of(request);
        SessionId session = Answers.session(id);
        Duration wait = wait(visit);
        Map<String, String> place = place(visit);
        Optional<Cursor> since = Optional.ofNullable(place.get("since")).flatMap(Cursor::parse);
        enter(visit, session);
        PollChannel channel = since.filter(cursor -> !place.containsKey("streams"))
                .flatMap(cursor -> channels.take(visit.principal().user(), session, cursor))
                .orElseGet(() -> open(visit, session, place, since));
        boolean told = false;
        try {
            PollChannel.Answer answer = channel.poll(wait.toNanos());
            told = true;
            channels.park(channel);
            return answer(answer.frames(), Optional.of(answer.cursor()));
        } finally {
            if (!told) {
                channel.end();
            }
        }
    }

    private PollChannel open(Visit visit, SessionId session, Map<String, String> place, Optional<Cursor> since) {
        Registration slot = slot(visit);
        PollChannel channel = new PollChannel(
                visit.principal().user(), session, since.orElse(Cursor.at(0)), since.isPresent(), slot, channels::forget);
        boolean opened = false;
        try {
            Connection connection = connections.get().connect(protocol, arrival(visit, session, place), channel);
            channel.carries(connection);
            connection.opened();
            opened = true;
            return channel;
        } finally {
            if (!opened) {
                channel.end();
            }
        }
    }

    @POST
    @Path("{id}/frames")
    @Consumes(MediaType.WILDCARD)
    public Response frames(@Context ContainerRequestContext request, @PathParam("id") String id, byte[] frame) {
        Visit visit = Visit.of(request);
        SessionId session = Answers.session(id);
        Handshake handshake = new Handshake(
                new ConnectionId("-"),
                visit.principal(),
                Map.of("session_id", session.value()),
                place(visit),
                visit.languages());
        FrameExchange exchange = new FrameExchange(visit);
        return answer(exchange.perform(protocol.detached(handshake, session).received(Frame.of(frame), clock.instant())),
                Optional.empty());
    }

    /** Asks before anything is opened, so that a refusal has a status of its own. */
    private void enter(Visit visit, SessionId session) {
        Visibility visibility = visit.parameter("visibility")
                .map(word -> Fields.constant(Visibility.class, "visibility", word))
                .orElse(settings.visibility());
        Optional<ProjectId> project = visit.parameter("project_id").map(id -> Fields.checked(() -> new ProjectId(id)));
        visit.ask(new Command.EnterSession(session, visibility, project));
    }

    private Registration slot(Visit visit) {
        if (!visit.accepting()) {
            throw ending();
        }
        Principal who = visit.principal();
        ConnectionSlots.Place place = slots.get().take(who, visit.client());
        boolean full = place instanceof ConnectionSlots.Place.UserFull || place instanceof ConnectionSlots.Place.NodeFull;
        if (full && channels.evict(who.user())) {
            place = slots.get().take(who, visit.client());
        }
        return switch (place) {
            case ConnectionSlots.Place.Taken taken -> taken.release();
            case ConnectionSlots.Place.UserFull user ->
                    throw refused(ErrorCode.RATE_LIMIT, "Expected fewer connections of one user");
            case ConnectionSlots.Place.NodeFull node ->
                    throw refused(ErrorCode.BUSY, "Expected fewer connections to this server");
            case ConnectionSlots.Place.Ending last -> throw ending();
        };
    }

    private Refused ending() {
        return refused(ErrorCode.BUSY, "Expected a server that runs, found one that ends");
    }

    private Refused refused(ErrorCode code, String detail) {
        return new Refused(new Outcome.Refusal(code, detail, Optional.of(settings.retryAfter())));
    }

    private Arrival arrival(Visit visit, SessionId session, Map<String, String> place) {
        return new Arrival(
                visit.principal(),
                visit.client(),
                Map.of("session_id", session.value()),
                place,
                visit.languages(),
                true);
    }

    private static Map<String, String> place(Visit visit) {
        Map<String, String> place = new LinkedHashMap<>(visit.query());
        place.remove("token");
        place.values().removeIf(String::isEmpty);
        return place;
    }

    private Duration wait(Visit visit) {
        Duration wait = visit.parameter("wait").map(LiveResource::duration).orElse(Duration.ofSeconds(30));
        return wait.compareTo(settings.longestPoll()) > 0 ? settings.longestPoll() : wait;
    }

    private static Duration duration(String text) {
        String digits = text.replaceAll("(ms|s|m)$", "");
        if (digits.isEmpty() || digits.length() > 6 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new FieldException("Expected wait to be a duration such as 500ms or 30s");
        }
        long number = Long.parseLong(digits);
        if (text.endsWith("ms")) {
            return Duration.ofMillis(number);
        }
        return text.endsWith("m") ? Duration.ofMinutes(number) : Duration.ofSeconds(number);
    }

    private static Response answer(List<Frame> frames, Optional<Cursor> cursor) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(256);
        body.writeBytes("{\"frames\":[".getBytes(StandardCharsets.US_ASCII));
        boolean first = true;
        for (Frame frame : frames) {
            if (!first) {
                body.write(',');
            }
            first = false;
            body.writeBytes(frame.utf8());
        }
        body.write(']');
        cursor.ifPresent(
                place -> body.writeBytes((",\"cursor\":\"" + place.format() + "\"").getBytes(StandardCharsets.US_ASCII)));
        body.write('}');
        return Answers.bytes(200, body.toByteArray(), MediaType.APPLICATION_JSON).build();
    }
}
