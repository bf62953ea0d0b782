package dev.parley.adapter.rest;

import dev.parley.protocols.admission.Peer;
import dev.parley.protocols.http.HttpExchange;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** An exchange of the JDK's own small server. */
final class JdkExchange implements HttpExchange {

    private final com.sun.net.httpserver.HttpExchange exchange;
    private final AtomicInteger endings;
    private final Map<String, List<String>> headers = new LinkedHashMap<>();

    /** {@code endings} counts the answers that were told to end */
    JdkExchange(com.sun.net.httpserver.HttpExchange exchange, AtomicInteger endings) {
        this.exchange = exchange;
        this.endings = endings;
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
    }

    @Override
    public String method() {
        return exchange.getRequestMethod();
    }

    @Override
    public String path() {
        return exchange.getRequestURI().getRawPath();
    }

    @Override
    public String query() {
        return Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
    }

    @Override
    public Peer peer() {
        return new Peer(exchange.getRemoteAddress().getAddress().getHostAddress(), "http", header("host"));
    }

    @Override
    public Map<String, List<String>> headers() {
        return headers;
    }

    @Override
    public InputStream body() {
        return new FilterInputStream(exchange.getRequestBody()) {
            @Override
            public void close() {
                // Whoever has read enough does not end what is still to come.
            }
        };
    }

    @Override
    public OutputStream respond(int status, Map<String, List<String>> answer, long length) throws IOException {
        answer.forEach((name, values) -> exchange.getResponseHeaders().put(name, values));
        // The JDK's server cuts off who still sends when their answer ends, and with them what they had not read of it.
        exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
        exchange.sendResponseHeaders(status, length == UNKNOWN_LENGTH ? 0 : length == 0 ? -1 : length);
        return exchange.getResponseBody();
    }

    @Override
    public void ending() {
        endings.incrementAndGet();
    }
}
