package dev.parley.adapter.rest;

import dev.parley.application.command.Command;
import dev.parley.application.command.Load;
import dev.parley.application.command.Outcome;
import dev.parley.domain.telemetry.Pulse;
import dev.parley.protocols.connection.Traffic;
import dev.parley.protocols.json.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A node's load as server-sent events, one a second: sums that only grow, so that one that is missed costs a point of a curve. */
final class LoadStream {

    private final Visit visit;
    private final Supplier<Traffic.Totals> traffic;
    private final InstantSource clock;

    LoadStream(Visit visit, Supplier<Traffic.Totals> traffic, InstantSource clock) {
        this.visit = visit;
        this.traffic = traffic;
        this.clock = clock;
    }

    void pump(OutputStream out) throws IOException {
        CountDownLatch never = new CountDownLatch(1);
        try {
            boolean over = false;
            while (!over && !visit.clientGone() && visit.accepting() && visit.stillWelcome()) {
                if (!(visit.handle(new Command.GetLoad()) instanceof Outcome.Done<Load> load)) {
                    return;
                }
                out.write(("data: " + beat(load.value()) + "\n\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
                over = never.await(1, TimeUnit.SECONDS);
            }
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }

    private String beat(Load load) {
        Pulse pulse = load.pulse();
        Traffic.Totals passed = traffic.get();
        Runtime machine = Runtime.getRuntime();
        JsonWriter json = new JsonWriter(1024).begin();
        json.field("at", clock.instant()).field("node", load.node().value());
        json.field("waiting", load.waiting()).field("running", load.running());
        json.field("words", load.words()).field("replies", pulse.replies());
        json.name("connections").begin();
        pulse.connections().forEach(json::field);
        json.end().name("errors").begin();
        pulse.errors().forEach((code, number) -> json.field(code.name(), number));
        json.end();
        times(json, "commands", pulse.commands());
        times(json, "first_tokens", pulse.firstTokens());
        times(json, "commits", pulse.commits());
        json.field("frames_sent", passed.framesSent()).field("frames_received", passed.framesReceived());
        json.field("bytes_sent", passed.bytesSent()).field("bytes_received", passed.bytesReceived());
        json.field("memory_used", machine.totalMemory() - machine.freeMemory()).field("memory_max", machine.maxMemory());
        return json.end().toString();
    }

    private static void times(JsonWriter to, String name, Pulse.Times times) {
        to.name(name).begin().field("count", times.count());
        to.field("total_ms", times.total().toNanos() / 1e6).end();
    }
}
