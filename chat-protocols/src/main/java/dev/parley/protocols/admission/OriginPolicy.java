package dev.parley.protocols.admission;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which web pages may talk to the server. A request without an origin comes from no page and is let in; a page from the server's
 * own address always is; pages of this computer are, unless others were named.
 */
public final class OriginPolicy {

    static final String ANY = "*";
    private static final Set<String> LOCAL_HOSTS = Set.of("localhost", "127.0.0.1", "[::1]");

    private final List<String> allowed;

    /** @param allowed origins such as {@code https://chat.example.org}, or {@code *} for any; empty for the default */
    public OriginPolicy(List<String> allowed) {
        this.allowed = allowed.stream().map(OriginPolicy::normal).toList();
    }

    /**
     * Whether a page of {@code origin} may.
     *
     * @param origin the header, where there is one
     * @param peer what the client addressed, and how
     */
    public boolean allows(Optional<String> origin, Peer peer) {
        if (origin.isEmpty() || allowed.contains(ANY)) {
            return true;
        }
        String page = normal(origin.get());
        return allowed.contains(page) || sameAddress(page, peer) || allowed.isEmpty() && local(page);
    }

    private static boolean sameAddress(String page, Peer peer) {
        return peer.authority().isPresent()
                && page.equals(normal(peer.scheme() + "://" + peer.authority().get()));
    }

    private static boolean local(String page) {
        try {
            String host = new URI(page).getHost();
            return host != null && LOCAL_HOSTS.contains(host);
        } catch (java.net.URISyntaxException noAddress) {
            return false;
        }
    }

    /** Lower case, without a default port and a slash at the end. */
    private static String normal(String origin) {
        String lower = origin.strip().toLowerCase(Locale.ROOT);
        String bare = lower.endsWith("/") ? lower.substring(0, lower.length() - 1) : lower;
        if (bare.startsWith("http://") && bare.endsWith(":80")) {
            return bare.substring(0, bare.length() - 3);
        }
        return bare.startsWith("https://") && bare.endsWith(":443") ? bare.substring(0, bare.length() - 4) : bare;
    }
}
