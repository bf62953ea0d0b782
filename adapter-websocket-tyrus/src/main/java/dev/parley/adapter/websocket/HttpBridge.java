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

    private final Map<String, HttpEndpoint> endpoints;
    private final Executor executor;

    /** @param endpoints by the path below which they answer, {@code /} for everything */
    HttpBridge(Map<String, HttpEndpoint> endpoints, Executor executor) {
        super("parley");
        this.endpoints = Map.copyOf(endpoints);
        this.executor = executor;
    }

    /**
     * A request goes on elsewhere only once the selector has left it: the server's own bookkeeping of suspended requests is not
     * made for a thread that is quicker.
     */
    @Override
    public RequestExecutorProvider getRequestExecutorProvider() {
        return request -> task -> Selectors.run(request.getContext().getConnection(), () -> executor.execute(task));
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
