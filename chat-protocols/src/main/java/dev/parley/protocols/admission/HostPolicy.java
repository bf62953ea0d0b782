package dev.parley.protocols.admission;

import dev.parley.domain.session.IpAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which names the server answers to. One that listens for its own computer alone must not answer to a name that somebody else has
 * made lead there: a page of that name would count as its own.
 */
public final class HostPolicy {

    private final boolean any;
    private final Set<String> names;

    private HostPolicy(boolean any, Set<String> names) {
        this.any = any;
        this.names = Set.copyOf(names);
    }

    /** Whatever name led here. */
    public static HostPolicy any() {
        return new HostPolicy(true, Set.of());
    }

    /**
     * The names and addresses of this computer for itself, and the hosts of pages that are let in by name.
     *
     * @param own the name that the server was bound by
     * @param origins as for {@link OriginPolicy}; {@code *} for any
     */
    public static HostPolicy local(String own, List<String> origins) {
        Set<String> names = new HashSet<>();
        names.add(own.toLowerCase(Locale.ROOT));
        for (String origin : origins) {
            host(origin).ifPresent(names::add);
        }
        return new HostPolicy(origins.contains(OriginPolicy.ANY), names);
    }

    /**
     * Whether a request may go on.
     *
     * @param authority the header {@code Host}; no browser leaves it out
     */
    public boolean allows(Optional<String> authority) {
        if (any || authority.isEmpty()) {
            return true;
        }
        Optional<String> host = host("http://" + authority.get().strip());
        return host.isPresent() && (names.contains(host.get()) || local(host.get()));
    }

    private static Optional<String> host(String address) {
        try {
            return Optional.ofNullable(new URI(address.strip()).getHost())
                    .map(host -> host.toLowerCase(Locale.ROOT))
                    .map(host -> host.endsWith(".") ? host.substring(0, host.length() - 1) : host);
        } catch (URISyntaxException noAddress) {
            return Optional.empty();
        }
    }

    private static boolean local(String host) {
        if (host.equals("localhost") || host.endsWith(".localhost")) {
            return true;
        }
        String address = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return IpAddress.parse(address).filter(IpAddress::loopback).isPresent();
    }
}
