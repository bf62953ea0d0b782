package dev.parley.adapter.websocket;

import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Extension;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.glassfish.tyrus.core.ComponentProviderService;
import org.glassfish.tyrus.core.HandshakeException;
import org.glassfish.tyrus.core.ProtocolHandler;
import org.glassfish.tyrus.core.RequestContext;
import org.glassfish.tyrus.core.TyrusEndpointWrapper;
import org.glassfish.tyrus.core.TyrusUpgradeResponse;
import org.glassfish.tyrus.core.Utils;
import org.glassfish.tyrus.core.Version;
import org.glassfish.tyrus.core.extension.ExtendedExtension;

/**
 * Tyrus, kept to what it is good at: it answers handshakes and parses frames. It sees only requests that were let in.
 *
 * <p>Its sessions and endpoints are left out: {@link SocketReader} stands in their place, with the little of them that is used here. They
 * took a fifth of the memory of a connection that says nothing.
 */
final class WebSocketEngine {

    private static final URI ADDRESS = URI.create("/socket");

    /** What may be held beside one frame: the piece that is being read. */
    static final int PIECE = 64 << 10;

    private static final int BAD_REQUEST = 400;
    private static final int UPGRADE_REQUIRED = 426;

    /** Nothing is kept of a handshake by extensions. */
    private static final ExtendedExtension.ExtensionContext NOTHING_KEPT = Map::of;

    private final TyrusEndpointWrapper endpoint;
    private final Deflate deflate;
    private final int maxFrame;

    WebSocketEngine(HostSettings settings, Deflate deflate) {
        this.deflate = deflate;
        this.maxFrame = settings.maxFrame();
        List<Extension> extensions = settings.compression() ? List.of(new DeflateExtension()) : List.of();
        ServerEndpointConfig config = ServerEndpointConfig.Builder.create(NoEndpoint.class, ADDRESS.getPath())
                .extensions(extensions)
                .configurator(new Admitted())
                .build();
        try {
            endpoint = new TyrusEndpointWrapper(
                    new NoEndpoint(), config, ComponentProviderService.create(), null, "/", config.getConfigurator(),
                    null, null, null, false);
        } catch (DeploymentException impossible) {
            throw new IllegalStateException("Expected an endpoint without anything to be one", impossible);
        }
    }

    /** What a handshake leads to. */
    sealed interface Answer {

        /**
         * A socket.
         *
         * @param headers of the answer that says so
         * @param parser of what the client sends
         */
        record Agreed(Map<String, List<String>> headers, ProtocolHandler parser) implements Answer {}

        /** The client cannot have one, or not like this. */
        record Refused(int status) implements Answer {}
    }

    Answer answer(Map<String, List<String>> headers) {
        RequestContext request = RequestContext.Builder.create()
                .requestURI(ADDRESS)
                .queryString("")
                .parameterMap(Map.of())
                .build();
        headers.forEach((name, values) -> {
            List<String> parsed = new ArrayList<>();
            values.forEach(value -> parsed.addAll(Utils.parseHeaderValue(value.strip())));
            request.getHeaders().put(name, parsed);
        });
        if (!Version.DRAFT17.validate(request)) {
            return new Answer.Refused(UPGRADE_REQUIRED);
        }
        TyrusUpgradeResponse response = new TyrusUpgradeResponse();
        ProtocolHandler parser = Version.DRAFT17.createHandler(false, null);
        try {
            parser.handshake(endpoint, request, response, NOTHING_KEPT);
        } catch (HandshakeException wrong) {
            return new Answer.Refused(BAD_REQUEST);
        }
        return new Answer.Agreed(response.getHeaders(), parser);
    }

    /** Reads what comes over a socket that was agreed on. */
    SocketReader reader(Answer.Agreed agreed, ClientSocket socket) {
        Optional<Inflation> inflation =
                agreed.parser().hasExtensions() ? Optional.of(new Inflation(deflate, maxFrame)) : Optional.empty();
        return new SocketReader(agreed.parser(), socket, maxFrame + 2 * PIECE, inflation);
    }

    /** Handshakes are answered for an endpoint; what comes after them never gets to it. */
    private static final class NoEndpoint extends Endpoint {

        @Override
        public void onOpen(Session session, EndpointConfig config) {
            throw new IllegalStateException("Expected no session to open");
        }
    }

    /** Nothing is to be decided here: who comes this far was let in. */
    private static final class Admitted extends ServerEndpointConfig.Configurator {

        @Override
        public boolean checkOrigin(String origin) {
            return true;
        }

        @Override
        public List<Extension> getNegotiatedExtensions(List<Extension> installed, List<Extension> requested) {
            boolean compressed = requested.stream().anyMatch(DeflateExtension::acceptable);
            return compressed ? installed : List.of();
        }
    }
}
