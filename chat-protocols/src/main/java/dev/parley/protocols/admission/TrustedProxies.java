package dev.parley.protocols.admission;

import dev.parley.domain.session.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Whose word counts about where a request comes from: {@code Forwarded} (RFC 7239) and {@code X-Forwarded-For}, {@code -Proto} and
 * {@code -Host} are believed of proxies in these networks and of nobody else.
 *
 * <p>Each proxy adds whom it heard the request from, so the list is read from its end for as long as whoever spoke is trusted: the
 * client is the first that is not. A proxy that sends one kind of header may let the client's own of the other kind through, so where
 * both are there and disagree, neither counts.
 */
public final class TrustedProxies {

    private static final TrustedProxies NONE = new TrustedProxies(List.of());

    private final List<Network> networks;

    private TrustedProxies(List<Network> networks) {
        this.networks = List.copyOf(networks);
    }

    public static TrustedProxies none() {
        return NONE;
    }

    /**
     * @param networks such as {@code 10.0.0.0/8}, {@code fd00::/8} or a single address
     * @throws IllegalArgumentException when one of them is something else
     */
    public static TrustedProxies of(List<String> networks) {
        return new TrustedProxies(networks.stream().map(Network::of).toList());
    }

    /** What one kind of header says; empty where it says nothing. */
    private record Word(Optional<String> address, Optional<String> scheme, Optional<String> authority) {

        static final Word NOTHING = new Word(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** What one proxy says of the request that it heard. */
    private record Hop(Optional<String> from, Optional<String> scheme, Optional<String> authority) {}

    /**
     * Where a request comes from.
     *
     * @param address the other side of the network connection
     * @param scheme of the listener
     * @param headers all values, names in lower case
     */
    public Peer peer(String address, String scheme, Map<String, List<String>> headers) {
        Optional<String> host = headers.getOrDefault("host", List.of()).stream().findFirst();
        if (!trusts(address)) {
            return new Peer(address, scheme, host);
        }
        Word standard = word(address, forwarded(headers));
        Word common = word(address, commonlyForwarded(headers));
        return new Peer(
                agreed(standard.address(), common.address()).orElse(address),
                agreed(standard.scheme(), common.scheme()).orElse(scheme),
                agreed(standard.authority(), common.authority()).or(() -> host));
    }

    private boolean trusts(String address) {
        if (networks.isEmpty()) {
            return false;
        }
        Optional<IpAddress> speaker = IpAddress.parse(address);
        return speaker.isPresent() && networks.stream().anyMatch(network -> network.holds(speaker.get()));
    }

    private static Optional<String> agreed(Optional<String> one, Optional<String> other) {
        if (one.isPresent() && other.isPresent()) {
            return one.filter(other.get()::equals);
        }
        return one.or(() -> other);
    }

    /** Reads from the end, hop by hop, while whoever speaks is trusted. */
    private Word word(String peer, List<Hop> hops) {
        Word known = Word.NOTHING;
        String speaker = peer;
        for (int i = hops.size() - 1; i >= 0 && trusts(speaker); i--) {
            Hop hop = hops.get(i);
            known = new Word(
                    hop.from().or(known::address),
                    hop.scheme().or(known::scheme),
                    hop.authority().or(known::authority));
            if (hop.from().isEmpty()) {
                break;
            }
            speaker = hop.from().get();
        }
        return known;
    }

    private static List<Hop> forwarded(Map<String, List<String>> headers) {
        List<Hop> hops = new ArrayList<>();
        for (String element : HeaderLists.elements(headers.getOrDefault("forwarded", List.of()))) {
            Optional<String> from = Optional.empty();
            Optional<String> scheme = Optional.empty();
            Optional<String> authority = Optional.empty();
            for (String pair : HeaderLists.split(element, ';')) {
                int equals = pair.indexOf('=');
                String name = pair.substring(0, Math.max(0, equals)).strip().toLowerCase(Locale.ROOT);
                String value = HeaderLists.unquoted(pair.substring(equals + 1).strip());
                switch (name) {
                    case "for" -> from = Network.address(value);
                    case "proto" -> scheme = scheme(value);
                    case "host" -> authority = Optional.of(value).filter(text -> !text.isEmpty());
                    default -> {}
                }
            }
            hops.add(new Hop(from, scheme, authority));
        }
        return hops;
    }

    /** Proxies write as many schemes and hosts as addresses, or one for all. */
    private static List<Hop> commonlyForwarded(Map<String, List<String>> headers) {
        List<String> addresses = HeaderLists.plain(headers.getOrDefault("x-forwarded-for", List.of()));
        List<String> schemes = HeaderLists.plain(headers.getOrDefault("x-forwarded-proto", List.of()));
        List<String> authorities = HeaderLists.plain(headers.getOrDefault("x-forwarded-host", List.of()));
        int count = Math.max(addresses.size(), schemes.isEmpty() && authorities.isEmpty() ? 0 : 1);
        List<Hop> hops = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            hops.add(new Hop(
                    i < addresses.size() ? Network.address(addresses.get(i)) : Optional.empty(),
                    at(schemes, i, count).flatMap(TrustedProxies::scheme),
                    at(authorities, i, count)));
        }
        return hops;
    }

    private static Optional<String> at(List<String> values, int index, int count) {
        if (values.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(values.size() == count ? values.get(index) : values.getLast());
    }

    private static Optional<String> scheme(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "https", "wss" -> Optional.of("https");
            case "http", "ws" -> Optional.of("http");
            default -> Optional.empty();
        };
    }
}
