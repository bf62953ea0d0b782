package dev.parley.adapter.websocket;

import dev.parley.domain.session.ClientInfo;
import dev.parley.protocols.admission.Credentials;
import dev.parley.protocols.admission.Peer;
import dev.parley.protocols.http.HttpExchange;
import dev.parley.protocols.json.Texts;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.glassfish.grizzly.http.HttpRequestPacket;

/**
 * The head of a request for a WebSocket, copied out of the server's buffers.
 *
 * @param path not decoded
 * @param headers all values, names in lower case
 * @param query the first value of each parameter, decoded
 */
record UpgradeHead(
        String path,
        Map<String, List<String>> headers,
        Map<String, String> query,
        Peer peer) {

    static UpgradeHead of(HttpRequestPacket request, Callers callers) {
        Map<String, List<String>> headers = new HashMap<>();
        for (String name : request.getHeaders().names()) {
            List<String> values = headers.computeIfAbsent(name.toLowerCase(Locale.ROOT), unused -> new ArrayList<>());
            request.getHeaders().values(name).forEach(values::add);
        }
        // The server keeps this one out of its headers.
        headers.put("upgrade", List.of(request.getUpgrade()));
        return new UpgradeHead(
                request.getRequestURI(),
                headers,
                parameters(Optional.ofNullable(request.getQueryString()).orElse("")),
                callers.peer(Optional.ofNullable(request.getRemoteAddress()).orElse(""), headers));
    }

    /** The same of a request that is no upgrade. */
    static UpgradeHead of(HttpExchange exchange) {
        return new UpgradeHead(
                exchange.path(),
                exchange.headers(),
                parameters(exchange.query()),
                exchange.peer());
    }

    Optional<String> header(String lowerCaseName) {
        return headers.getOrDefault(lowerCaseName, List.of()).stream().findFirst();
    }

    List<String> subprotocols() {
        return headers.getOrDefault("sec-websocket-protocol", List.of())
                .stream()
                .flatMap(line -> List.of(line.split(",", -1)).stream())
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    Credentials credentials() {
        return Credentials.of(
                header("authorization"),
                header("cookie"),
                subprotocols(),
                Optional.ofNullable(query.get("token")),
                Optional.ofNullable(query.get("client_id")));
    }

    /** The parameters that protocols may see. */
    Map<String, String> queryWithoutToken() {
        Map<String, String> rest = new HashMap<>(query);
        rest.remove("token");
        return rest;
    }

    ClientInfo client() {
        return new ClientInfo(
                header("user-agent").orElse(""), peer.address(), query.getOrDefault("client_version", ""));
    }

    /** The languages the client prefers, best first: the parameter before the header. */
    List<String> languages() {
        List<String> languages = new ArrayList<>();
        Optional.ofNullable(query.get("language")).filter(word -> !word.isBlank()).ifPresent(languages::add);
        languages.addAll(Texts.Language.accepted(header("accept-language").orElse("")));
        return languages;
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.putIfAbsent(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return parameters;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException broken) {
            return "";
        }
    }

    /** Says nothing of tokens. */
    @Override
    public String toString() {
        return "UpgradeHead[" + path + "]";
    }
}
