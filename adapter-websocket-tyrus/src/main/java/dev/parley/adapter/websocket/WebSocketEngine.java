package dev.parley.adapter.websocket;

import jakarta.websocket.DeploymentException;
import jakarta.websocket.Extension;
import jakarta.websocket.server.ServerEndpointConfig;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.glassfish.tyrus.core.RequestContext;
import org.glassfish.tyrus.core.TyrusUpgradeResponse;
import org.glassfish.tyrus.core.TyrusWebSocketEngine;
import org.glassfish.tyrus.core.Utils;
import org.glassfish.tyrus.server.TyrusServerContainer;

/**
 * Tyrus, kept to what it is good at: it answers handshakes and parses frames. It sees only requests that were let in, and knows one
 * address, since ours were matched before.
 */
final class WebSocketEngine extends TyrusServerContainer {

    private static final String ADDRESS = "/socket";

    /** Every session keeps one, so all keep the same. */
    private static final URI SHARED_ADDRESS = URI.create(ADDRESS);

    /** What the engine may hold beside one frame: the piece that is being read. */
    static final int PIECE = 64 << 10;

    private final TyrusWebSocketEngine engine;

    WebSocketEngine(HostSettings settings, Deflate deflate) {
        super((Set<Class<?>>) null);
        engine = TyrusWebSocketEngine.builder(this)
                .incomingBufferSize(settings.maxFrame() + 2 * PIECE)
                .build();
        // Zero would cost a task for every message.
        setDefaultMaxSessionIdleTimeout(-1);
        setDefaultMaxTextMessageBufferSize(settings.maxFrame());
        setDefaultMaxBinaryMessageBufferSize(settings.maxFrame());
        List<Extension> extensions =
                settings.compression() ? List.of(new DeflateExtension(deflate, settings.maxFrame())) : List.of();
        register(ServerEndpointConfig.Builder.create(SocketEndpoint.class, ADDRESS)
                .extensions(extensions)
                .configurator(new Admitted())
                .build());
    }

    /** What a handshake led to: the answer, and the way to go on when it is status 101. */
    record Answer(TyrusUpgradeResponse response, org.glassfish.tyrus.spi.WebSocketEngine.UpgradeInfo info) {}

    Answer upgrade(Map<String, List<String>> headers, ClientSocket socket) {
        RequestContext request = RequestContext.Builder.create()
                .requestURI(SHARED_ADDRESS)
                .queryString("")
                .parameterMap(Map.of())
                .userPrincipal(socket)
                .build();
        headers.forEach((name, values) -> {
            List<String> parsed = new ArrayList<>();
            values.forEach(value -> parsed.addAll(Utils.parseHeaderValue(value.strip())));
            request.getHeaders().put(name, parsed);
        });
        TyrusUpgradeResponse response = new TyrusUpgradeResponse();
        return new Answer(response, engine.upgrade(request, response));
    }

    @Override
    public void register(Class<?> endpoint) throws DeploymentException {
        engine.register(endpoint, "/");
    }

    @Override
    public void register(ServerEndpointConfig config) {
        try {
            engine.register(config, "/");
        } catch (DeploymentException impossible) {
            throw new IllegalStateException("Expected the only address to be free", impossible);
        }
    }

    @Override
    public org.glassfish.tyrus.spi.WebSocketEngine getWebSocketEngine() {
        return engine;
    }

    @Override
    public Map<String, Object> getProperties() {
        return Map.of();
    }

    /** Nothing is to be decided here: who comes this far was let in. */
    static final class Admitted extends ServerEndpointConfig.Configurator {

        @Override
        public boolean checkOrigin(String origin) {
            return true;
        }

        @Override
        public List<Extension> getNegotiatedExtensions(List<Extension> installed, List<Extension> requested) {
            boolean compressed = requested.stream().anyMatch(DeflateExtension::acceptable);
            return compressed ? installed : List.of();
        }

        @Override
        public <T> T getEndpointInstance(Class<T> endpoint) {
            return endpoint.cast(new SocketEndpoint());
        }
    }
}
