package dev.parley.adapter.websocket;

import dev.parley.protocols.admission.HostPolicy;
import dev.parley.protocols.admission.Peer;
import dev.parley.protocols.admission.TrustedProxies;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is asked of every request before anything else: where it comes from, and whether it was meant for this server.
 *
 * @param secure whether the listener speaks TLS
 */
record Callers(HostPolicy names, TrustedProxies proxies, boolean secure) {

    Peer peer(String address, Map<String, List<String>> headers) {
        return proxies.peer(address, secure ? "https" : "http", headers);
    }

    /** By the name that the client itself used, whatever a proxy says: a page can make its own requests say anything. */
    boolean meant(Optional<String> host) {
        return names.allows(host);
    }
}
