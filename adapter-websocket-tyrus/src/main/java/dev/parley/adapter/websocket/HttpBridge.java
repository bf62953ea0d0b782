package dev.parley.adapter.websocket;

import dev.parley.protocols.http.HttpEndpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.glassfish.grizzly.http.server.HttpHandler;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.RequestExecutorProvider;
import org.glassfish.grizzly.http.server.Response;

/** Hands every request that is no socket to the endpoint with the longest matching path, on a virtual thread. */
final class HttpBridge extends HttpHandler {

    private static final System.Logger LOG = System.getLogger(HttpBridge.class.getName());

    private static final String BEGUN = "parley.begun";

    private final Map<String, HttpEndpoint> endpoints;
    private final Executor executor;

    /** @param endpoints by the path below which they answer, {@code /} for everything */
    HttpBridge(Map<String, HttpEndpoint> endpoints, Executor executor) {
        super("parley");
        this.endpoints = Map.copyOf(endpoints);
        this.executor = executor;
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
                return executor;
            }
            return null;
        };
    }

    @Override
    public void service(Request request, Response response) {
        Optional<HttpEndpoint> endpoint = endpoint(request.getRequestURI());
        if (endpoint.isEmpty()) {
            response.setStatus(404);
            return;
        }
        try {
            endpoint.get().answer(new GrizzlyExchange(request, response));
        } catch (IOException | UncheckedIOException gone) {
            LOG.log(System.Logger.Level.DEBUG, "A client went before its answer", gone);
        } catch (RuntimeException fault) {
            LOG.log(System.Logger.Level.ERROR, "A request failed", fault);
            if (!response.isCommitted()) {
                response.reset();
                response.setStatus(500);
            }
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
