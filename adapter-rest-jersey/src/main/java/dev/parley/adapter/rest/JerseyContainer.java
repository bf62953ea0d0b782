package dev.parley.adapter.rest;

import dev.parley.protocols.http.HttpExchange;
import jakarta.ws.rs.core.SecurityContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.security.Principal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.glassfish.jersey.internal.MapPropertiesDelegate;
import org.glassfish.jersey.server.ApplicationHandler;
import org.glassfish.jersey.server.ContainerException;
import org.glassfish.jersey.server.ContainerRequest;
import org.glassfish.jersey.server.ContainerResponse;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.spi.Container;
import org.glassfish.jersey.server.spi.ContainerResponseWriter;
import org.jspecify.annotations.Nullable;

/** Runs Jersey on the thread of the request, over exchanges of any listener. */
final class JerseyContainer implements Container {

    private static final URI BASE = URI.create("http://localhost/");

    private final ApplicationHandler application;
    private final Headers headers;

    JerseyContainer(ResourceConfig resources, Headers headers) {
        this.application = new ApplicationHandler(resources);
        this.headers = headers;
    }

    void close() {
        application.onShutdown(this);
    }

    @Override
    public ResourceConfig getConfiguration() {
        return application.getConfiguration();
    }

    @Override
    public ApplicationHandler getApplicationHandler() {
        return application;
    }

    @Override
    public void reload() {
        throw new UnsupportedOperationException("Expected resources that stay as they are");
    }

    @Override
    public void reload(ResourceConfig configuration) {
        reload();
    }

    /** Answers completely before it returns. */
    void serve(HttpExchange exchange, Visit visit, InputStream body) throws IOException {
        ContainerRequest request = new ContainerRequest(
                BASE,
                address(exchange),
                exchange.method(),
                Nobody.NOBODY,
                new MapPropertiesDelegate(),
                application.getConfiguration());
        exchange.headers().forEach(request::headers);
        request.setEntityStream(body);
        visit.keepIn(request);
        Answer answer = new Answer(exchange, visit);
        request.setWriter(answer);
        try {
            application.handle(request);
        } catch (ContainerException | UncheckedIOException failed) {
            throw new IOException("The client is gone", failed);
        }
        answer.finish();
    }

    /** The path as it came; what is no address at all is one that nobody knows. */
    private static URI address(HttpExchange exchange) {
        try {
            String path = exchange.path();
            URI address = URI.create("http://localhost" + (path.startsWith("/") ? path : "/" + path));
            return address.getRawFragment() == null ? address : BASE.resolve("unknown");
        } catch (IllegalArgumentException broken) {
            return BASE.resolve("unknown");
        }
    }

    private final class Answer implements ContainerResponseWriter {

        private final HttpExchange exchange;
        private final Visit visit;
        private @Nullable OutputStream out;

        Answer(HttpExchange exchange, Visit visit) {
            this.exchange = exchange;
            this.visit = visit;
        }

        @Override
        public OutputStream writeResponseStatusAndHeaders(long length, ContainerResponse response) {
            Map<String, List<String>> all = new LinkedHashMap<>(headers.ofData(exchange, visit.newClientId()));
            response.getStringHeaders().forEach((name, values) -> {
                if (!name.equalsIgnoreCase("Content-Length")) {
                    all.put(name, new ArrayList<>(values));
                }
            });
            long known = response.hasEntity() ? declared(response, length) : 0;
            boolean head = exchange.method().equals("HEAD");
            try {
                OutputStream begun =
                        new ClientStream(exchange.respond(response.getStatus(), all, head ? 0 : known), visit);
                out = begun;
                return begun;
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        }

        private static long declared(ContainerResponse response, long length) {
            return response.getHeaders().getFirst("Content-Length") instanceof Number number
                    ? number.longValue()
                    : length;
        }

        void finish() throws IOException {
            OutputStream begun = out;
            if (begun != null) {
                begun.close();
            }
        }

        @Override
        public boolean suspend(long timeout, TimeUnit unit, TimeoutHandler handler) {
            throw new UnsupportedOperationException("Expected an answer by the time the resource returns");
        }

        @Override
        public void setSuspendTimeout(long timeout, TimeUnit unit) {
            throw new UnsupportedOperationException("Expected an answer by the time the resource returns");
        }

        @Override
        public void commit() {}

        @Override
        public void failure(Throwable error) {
            throw new ContainerException(error);
        }

        @Override
        public boolean enableResponseBuffering() {
            return false;
        }
    }

    /** Who somebody is, is decided by the gate and kept in the visit. */
    private enum Nobody implements SecurityContext {
        NOBODY;

        @Override
        public @Nullable Principal getUserPrincipal() {
            return null;
        }

        @Override
        public boolean isUserInRole(String role) {
            return false;
        }

        @Override
        public boolean isSecure() {
            return false;
        }

        @Override
        public @Nullable String getAuthenticationScheme() {
            return null;
        }
    }
}
