package dev.parley.client;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The server's addresses, from one base address (http, https, ws or wss, with or without a path before Parley's own). */
final class Address {

    private final String base;
    private final String session;
    private final Map<String, String> query;

    Address(URI server, String session, Map<String, String> query) {
        String scheme = Optional.ofNullable(server.getScheme()).orElse("").replace("ws", "http");
        if (!(scheme.equals("http") || scheme.equals("https")) || server.getHost() == null) {
            throw new IllegalArgumentException("Expected an http, https, ws or wss address, found " + server);
        }
        String path = Optional.ofNullable(server.getRawPath()).orElse("").replaceAll("/+$", "");
        this.base = scheme + "://" + server.getRawAuthority() + path;
        this.session = encoded(session);
        this.query = query;
    }

    URI websocket(Place place) {
        return URI.create("ws" + base.substring(4) + "/ws/" + session + parameters(place, Map.of()));
    }

    URI events(Place place) {
        return URI.create(ofSession("events") + parameters(place, Map.of()));
    }

    URI poll(Place place, Duration wait) {
        return URI.create(ofSession("poll") + parameters(place, Map.of("wait", wait.toMillis() + "ms")));
    }

    URI frames() {
        return URI.create(ofSession("frames") + parameters(new Place(Optional.empty(), Map.of()), Map.of()));
    }

    URI rest(String path) {
        return URI.create(base + path);
    }

    URI session(String what, Map<String, String> parameters) {
        return URI.create(ofSession(what) + encoded(parameters));
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private String ofSession(String what) {
        return base + "/api/chat/sessions/" + session + "/" + what;
    }

    private String parameters(Place place, Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(query);
        place.since().ifPresent(since -> all.put("since", since));
        if (!place.streams().isEmpty()) {
            all.put("streams", place.streams()
                    .entrySet()
                    .stream()
                    .map(each -> each.getKey() + ":" + each.getValue())
                    .collect(Collectors.joining(",")));
        }
        all.putAll(more);
        return encoded(all);
    }

    private static String encoded(Map<String, String> parameters) {
        return parameters.isEmpty()
                ? ""
                : parameters.entrySet()
                        .stream()
                        .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
                        .collect(Collectors.joining("&", "?", ""));
    }
}
