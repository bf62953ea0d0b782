package dev.parley.adapter.rest;

/**
 * How the server is.
 *
 * @param ready whether it takes work; it is alive in any case
 * @param json one JSON object with the particulars
 */
public record HealthReport(boolean ready, String json) {

    /** Nothing is known but that it lives. */
    public static final HealthReport ALIVE = new HealthReport(true, "{\"status\":\"ok\",\"live\":true,\"ready\":true}");
}
