package dev.parley.adapter.rest;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** The server about itself, for everybody who reaches it. */
@Path("/")
public final class ServerResource {

    private final Supplier<HealthReport> health;
    private final Supplier<String> metrics;
    private final byte[] description;

    ServerResource(Supplier<HealthReport> health, Supplier<String> metrics) {
        this.health = health;
        this.metrics = metrics;
        this.description = description();
    }

    @GET
    @Path("health")
    public Response health() {
        HealthReport report = health.get();
        return Answers.bytes(
                report.ready() ? 200 : 503,
                report.json().getBytes(StandardCharsets.UTF_8),
                MediaType.APPLICATION_JSON)
                .build();
    }

    /** For whoever ends and restarts processes: answers as long as there is one that can, and asks nobody else. */
    @GET
    @Path("health/live")
    public Response live() {
        return Answers.bytes(
                200,
                "{\"live\":true}".getBytes(StandardCharsets.UTF_8),
                MediaType.APPLICATION_JSON)
                .build();
    }

    @GET
    @Path("metrics")
    public Response metrics() {
        return Answers.bytes(
                200,
                metrics.get().getBytes(StandardCharsets.UTF_8),
                "text/plain; version=0.0.4; charset=utf-8")
                .build();
    }

    @GET
    @Path("openapi.json")
    public Response openApi() {
        return Answers.bytes(200, description.clone(), MediaType.APPLICATION_JSON).build();
    }

    private static byte[] description() {
        try (InputStream resource = ServerResource.class.getResourceAsStream("openapi.json")) {
            if (resource == null) {
                throw new IllegalStateException("Expected the resource openapi.json, found none");
            }
            return resource.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
