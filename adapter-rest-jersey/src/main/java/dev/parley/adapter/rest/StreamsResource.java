package dev.parley.adapter.rest;

import dev.parley.application.command.Command;
import dev.parley.application.command.ReplyState;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.protocols.json.JsonWriter;
import dev.parley.protocols.json.MessageJson;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Optional;

/** How replies stand; a stream's id is its reply's. */
@Path("/api/chat/streams/{id}")
public final class StreamsResource {

    StreamsResource() {}

    @GET
    @Path("status")
    public Response status(@Context ContainerRequestContext request, @PathParam("id") String id) {
        ReplyState state = state(request, id);
        JsonWriter json = begun(state).field("sessionId", state.message().session().value());
        json.field("messageId", state.message().id().value());
        json.field("status", state.waiting() ? "queued" : MessageJson.word(status(state)));
        json.field("progress", Math.round(state.progress() * 100));
        json.field("tokensGenerated", state.tokens());
        json.field("startedAt", state.startedAt());
        state.endedAt().ifPresent(at -> json.field("completedAt", at));
        state.message()
                .reply()
                .flatMap(facts -> facts.error())
                .ifPresent(code -> json.field("code", code.name()));
        return Answers.json(json.end());
    }

    @GET
    @Path("metrics")
    public Response metrics(@Context ContainerRequestContext request, @PathParam("id") String id) {
        ReplyState state = state(request, id);
        ReplyStatus status = status(state);
        JsonWriter json = begun(state).field("totalTokens", state.tokens());
        json.field("tokensPerSecond", rounded(state.tokensPerSecond()));
        json.field("latency", milliseconds(state.firstText()));
        json.field("bandwidth", rounded(state.bytesPerSecond()));
        json.field("errors", status == ReplyStatus.FAILED || status == ReplyStatus.INTERRUPTED ? 1L : 0L);
        return Answers.json(json.end());
    }

    private static ReplyState state(ContainerRequestContext request, String id) {
        MessageId reply = Answers.message(id);
        return Visit.of(request).ask(new Command.GetReply(reply));
    }

    private static JsonWriter begun(ReplyState state) {
        return new JsonWriter(512).begin().field("streamId", state.message().id().value());
    }

    private static ReplyStatus status(ReplyState state) {
        return state.message().reply().map(facts -> facts.status()).orElse(ReplyStatus.RUNNING);
    }

    /** As far as one cares. */
    private static double rounded(double number) {
        return Math.round(number * 100) / 100.0;
    }

    private static long milliseconds(Optional<Duration> time) {
        return time.map(Duration::toMillis).orElse(0L);
    }
}
