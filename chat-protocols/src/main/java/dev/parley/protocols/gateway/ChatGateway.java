package dev.parley.protocols.gateway;

import dev.parley.domain.content.Filtering;
import dev.parley.protocols.json.Texts;
import dev.parley.protocols.socketio.Namespace;
import dev.parley.protocols.socketio.NamespaceSession;
import dev.parley.protocols.socketio.NamespaceSocket;
import java.util.Set;

/** The chat of Socket.IO clients: events with acknowledgements, several sessions on one connection. */
public final class ChatGateway implements Namespace {

    /** Where it is, unless somebody puts it elsewhere. */
    public static final String NAMESPACE = "/chat";

    /** The client's events that have limits of their own; sent messages count with those of all protocols. */
    public static final Set<String> LIMITED = Set.of(
            "session:join",
            "message:edit",
            "message:delete",
            "message:delivered",
            "message:seen",
            "message:reaction",
            "typing:start",
            "presence:update",
            "stream:request");

    private final String namespace;
    private final GatewaySettings settings;
    private final Texts texts;
    private final EventFrames shared;
    private final Identities identities = new Identities();

    public ChatGateway(GatewaySettings settings, Texts texts) {
        this(NAMESPACE, settings, texts);
    }

    /** @param namespace where it is */
    public ChatGateway(String namespace, GatewaySettings settings, Texts texts) {
        this.namespace = namespace;
        this.settings = settings;
        this.texts = texts;
        this.shared = new EventFrames(namespace, texts);
    }

    public String namespace() {
        return namespace;
    }

    /** The module promises that messages are filtered. */
    @Override
    public Filtering filtering() {
        return Filtering.MASK;
    }

    @Override
    public NamespaceSession open(NamespaceSocket socket) {
        return new GatewaySession(socket, settings, texts, shared, identities);
    }
}
