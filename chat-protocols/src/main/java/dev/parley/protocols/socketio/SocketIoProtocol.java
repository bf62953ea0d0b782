package dev.parley.protocols.socketio;

import dev.parley.domain.content.Filtering;
import dev.parley.protocols.Handshake;
import dev.parley.protocols.Protocol;
import dev.parley.protocols.ProtocolSession;
import dev.parley.protocols.json.JsonReader;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Socket.IO v5 for any namespaces. It is spoken over {@link EngineSession}s: a host mounts it at the path of an
 * {@link EngineSettings}, for clients of whom nothing is known until a namespace asks with
 * {@link dev.parley.protocols.Step.Identify}.
 */
public final class SocketIoProtocol implements Protocol {

    private final Map<String, Namespace> namespaces;
    private final SocketIoSettings settings;
    private final JsonReader reader;
    private final Secrets secrets = new Secrets();
    private final Optional<Recoveries> recoveries;

    private SocketIoProtocol(Map<String, Namespace> namespaces, SocketIoSettings settings, JsonReader reader) {
        this.namespaces = Map.copyOf(namespaces);
        this.settings = settings;
        this.reader = reader;
        this.recoveries = settings.recovery().map(Recoveries::new);
    }

    public static Builder builder(SocketIoSettings settings) {
        return new Builder(settings);
    }

    @Override
    public String name() {
        return "socketio";
    }

    /** A connection may be in several namespaces: the strictest counts for all. */
    @Override
    public Filtering filtering() {
        return namespaces.values().stream().map(Namespace::filtering).max(Comparator.naturalOrder()).orElse(Filtering.OFF);
    }

    @Override
    public ProtocolSession open(Handshake handshake) {
        return new SocketIoSession(this, handshake);
    }

    Optional<Namespace> namespace(String name) {
        return Optional.ofNullable(namespaces.get(name));
    }

    SocketIoSettings settings() {
        return settings;
    }

    SocketDecoder decoder() {
        return new SocketDecoder(settings.limits(), reader);
    }

    String secret() {
        return secrets.next();
    }

    Optional<Recoveries> recoveries() {
        return recoveries;
    }

    /** What a protocol is made of. Used by one thread. */
    public static final class Builder {
        private final SocketIoSettings settings;
        private final Map<String, Namespace> namespaces = new LinkedHashMap<>();
        private boolean verbatim;

        private Builder(SocketIoSettings settings) {
            this.settings = settings;
        }

        /** @param name {@code /} for the main namespace, otherwise a slash and a name without commas */
        public Builder namespace(String name, Namespace namespace) {
            if (!name.startsWith("/") || name.contains(",")) {
                throw new IllegalArgumentException("Expected a slash and a name without commas, found " + name);
            }
            namespaces.put(name, namespace);
            return this;
        }

        /** Leaves texts as they came, for applications that hand them on; otherwise they come out as clean Unicode. */
        public Builder verbatim() {
            verbatim = true;
            return this;
        }

        public SocketIoProtocol build() {
            return new SocketIoProtocol(
                    namespaces,
                    settings,
                    verbatim
                            ? JsonReader.verbatim(settings.limits().json())
                            : new JsonReader(settings.limits().json()));
        }
    }
}
