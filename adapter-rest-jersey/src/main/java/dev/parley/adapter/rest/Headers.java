package dev.parley.adapter.rest;

import dev.parley.protocols.admission.Credentials;
import dev.parley.protocols.admission.OriginPolicy;
import dev.parley.protocols.http.HttpExchange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The headers around every answer: what protects browsers, and which pages may read. */
final class Headers {

    private static final String ORIGIN = "origin";

    private final OriginPolicy origins;

    Headers(OriginPolicy origins) {
        this.origins = origins;
    }

    boolean allowed(HttpExchange exchange) {
        return origins.allows(exchange.header(ORIGIN), exchange.peer());
    }

    static boolean preflight(HttpExchange exchange) {
        return exchange.method().equals("OPTIONS")
                && exchange.header(ORIGIN).isPresent()
                && exchange.header("access-control-request-method").isPresent();
    }

    /** The answer to a browser that asks whether it may ask. */
    Map<String, List<String>> ofPreflight(HttpExchange exchange) {
        Map<String, List<String>> headers = common(exchange);
        set(headers, "Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE");
        set(
                headers,
                "Access-Control-Allow-Headers",
                "Authorization, Content-Type, Accept-Language, Idempotency-Key, Last-Event-ID, Range, If-Range, If-None-Match");
        set(headers, "Access-Control-Max-Age", "600");
        return headers;
    }

    /** For answers that are data: never cached, never taken for anything else, never shown in a frame. */
    Map<String, List<String>> ofData(HttpExchange exchange, Optional<String> newClientId) {
        Map<String, List<String>> headers = common(exchange);
        set(headers, "Cache-Control", "no-store");
        set(headers, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        newClientId.ifPresent(id -> set(headers, "Set-Cookie", cookie(id, exchange.peer().secure())));
        return headers;
    }

    private static String cookie(String id, boolean secure) {
        return Credentials.COOKIE + "=" + id + "; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"
                + (secure ? "; Secure" : "");
    }

    private Map<String, List<String>> common(HttpExchange exchange) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        set(headers, "X-Content-Type-Options", "nosniff");
        set(headers, "Referrer-Policy", "no-referrer");
        set(headers, "Vary", "Origin");
        if (allowed(exchange)) {
            exchange.header(ORIGIN).ifPresent(origin -> {
                set(headers, "Access-Control-Allow-Origin", origin);
                set(
                        headers,
                        "Access-Control-Expose-Headers",
                        "Retry-After, Content-Disposition, Content-Range, Accept-Ranges, Location, ETag, Content-Language");
            });
        }
        return headers;
    }

    static void set(Map<String, List<String>> headers, String name, String value) {
        headers.put(name, List.of(value));
    }
}
