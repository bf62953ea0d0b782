package dev.parley.adapter.websocket;

import dev.parley.protocols.http.HttpEndpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.glassfish.grizzly.http.server.HttpHandler;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.RequestExecutorProvider;
import org.glassfish.grizzly.http.server.Response;

/** Hands every request that is no socket to the endpoint with the longest matching path, on a virtual thread. */
final class HttpBridge extends HttpHandler {

    private static final System.Logger LOG = System.getLogger(HttpBridge.class.getName());

    private static final String MISDIRECTED = "{\"type\":\"about:blank\",\"title\":\"Forbidden\",\"status\":403,"
            + "\"code\":\"FORBIDDEN\",\"detail\":\"Expected a Host of this computer, or of CORS_ORIGIN\"}";

    private static final String BEGUN = "parley.begun";

    private final Map<String, HttpEndpoint> endpoints;
    private final Callers callers;
    private final HostResources host;

    /** @param endpoints by the path below which they answer, {@code /} for everything */
    HttpBridge(Map<String, HttpEndpoint> endpoints, Callers callers, HostResources host) {
        super("parley");
        this.endpoints = Map.copyOf(endpoints);
        this.callers = callers;
        this.host = host;
    }

    /**
     * A request is answered on a thread of its own. The server asks again for every piece of a body, and is then told to stay where
     * it is: on any other thread it would say that a piece is there, and only later that it was the last.
     */
    @Override
    public RequestExecutorProvider getRequestExecutorProvider() {
        return request -> {
            if (request.getAttribute(BEGUN) == null) {
                request.setAttribute(BEGUN, true);
                return host.executor();
            }
            return null;
        };
    }

    @Override
    public void service(Request request, Response response) {
        if (!callers.meant(Optional.ofNullable(request.getHeader("host")))) {
            misdirected(response);
            return;
        }
        Optional<HttpEndpoint> endpoint = endpoint(request.getRequestURI());
        if (endpoint.isEmpty()) {
            response.setStatus(404);
            return;
        }
        GrizzlyExchange exchange = new GrizzlyExchange(request, response, callers, host);
        try {
            endpoint.get().answer(exchange);
        } catch (IOException | UncheckedIOException gone) {
            LOG.log(System.Logger.Level.DEBUG, "A client went before its answer", gone);
        } catch (RuntimeException fault) {
            LOG.log(System.Logger.Level.ERROR, "A request failed", fault);
            if (!response.isCommitted()) {
                response.reset();
                response.setStatus(500);
            }
        } finally {
            exchange.over();
        }
    }

    private static void misdirected(Response response) {
        response.setStatus(403);
        response.setContentType("application/problem+json");
        response.setHeader("Cache-Control", "no-store");
        byte[] problem = MISDIRECTED.getBytes(StandardCharsets.UTF_8);
        response.setContentLength(problem.length);
        try {
            response.getOutputStream().write(problem);
        } catch (IOException gone) {
            LOG.log(System.Logger.Level.DEBUG, "A client went before its answer", gone);
        }
    }

    private Optional<HttpEndpoint> endpoint(String path) {
        String rest = path;
        while (true) {
            HttpEndpoint found = endpoints.get(rest.isEmpty() ? "/" : rest);
            if (found != null) {
                return Optional.of(found);
            }
            if (rest.isEmpty()) {
                return Optional.empty();
            }
            rest = rest.substring(0, Math.max(0, rest.lastIndexOf('/')));
        }
    }
}
