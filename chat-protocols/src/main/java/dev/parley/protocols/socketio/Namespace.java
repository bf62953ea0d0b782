package dev.parley.protocols.socketio;

import dev.parley.domain.content.Filtering;

/**
 * An application of Socket.IO: what happens in one namespace. Safe for use by many threads. An echo:
 *
 * <pre>{@code
 * Namespace echo = socket -> new NamespaceSession() {
 *     public List<Step> connecting(JsonObject auth, Instant now) {
 *         return socket.accept();
 *     }
 *     public List<Step> received(SocketEvent event, Instant now) {
 *         return event.acknowledged() ? event.answer(event.arguments()) : socket.emit("back", event.arguments());
 *     }
 * };
 * }</pre>
 */
@FunctionalInterface
public interface Namespace {

    /** Begins with one client, which is not let in yet. */
    NamespaceSession open(NamespaceSocket socket);

    /** What becomes of words that offend in what its clients write, where the settings do not say. */
    default Filtering filtering() {
        return Filtering.OFF;
    }
}
