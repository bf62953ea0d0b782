package dev.parley.protocols.admission;

import java.util.Optional;

/**
 * Where a request comes from and what it was addressed to, as far as that can be believed.
 *
 * @param address the client's
 * @param scheme {@code http} or {@code https}
 * @param authority what the client addressed, as in the header {@code Host}
 */
public record Peer(String address, String scheme, Optional<String> authority) {

    public boolean secure() {
        return scheme.equals("https");
    }
}
