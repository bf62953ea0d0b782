package dev.parley.bootstrap;

import dev.parley.protocols.json.JsonWriter;

/** How {@link Health} looks on the wire. */
final class HealthJson {
    private HealthJson() {}

    static String of(Health health, String version) {
        JsonWriter json = new JsonWriter().begin();
        json.field("status", health.ready() ? "ok" : "unavailable");
        json.field("live", health.live()).field("ready", health.ready()).field("version", version);
        for (Health.Part part : health.parts()) {
            json.name(part.name()).begin();
            json.field("up", part.up()).field("says", part.says()).field("took_ms", part.took().toNanos() / 1e6);
            json.end();
        }
        return json.end().toString();
    }
}
