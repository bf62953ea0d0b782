package dev.parley.adapter.ollama;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;

/**
 * Where Ollama is and how long to wait for it.
 *
 * @param server its address without the path of any call, ending without a slash; a path before that, as behind a proxy, is kept
 * @param connectTimeout until a connection stands
 * @param firstTokenTimeout from the request to the first piece; loading a model counts
 * @param interTokenTimeout from one piece to the next; pieces of thinking count
 * @param catalogAge how long the list of models is taken as it was
 * @param maxLineBytes the longest line that is taken for an answer
 * @param gather how long pieces behind the first are let gather, so that they are read together; zero for not at all
 */
public record OllamaSettings(
        URI server,
        Duration connectTimeout,
        Duration firstTokenTimeout,
        Duration interTokenTimeout,
        Duration catalogAge,
        int maxLineBytes,
        Duration gather) {

    /** Where Ollama listens when nobody says otherwise. */
    public static final String DEFAULT_SERVER = "http://localhost:11434";

    private static final int DEFAULT_PORT = 11434;
    private static final Duration LONGEST = Duration.ofDays(10_000);
    private static final Duration LONGEST_GATHER = Duration.ofSeconds(1);

    public OllamaSettings {
        for (Duration timeout : new Duration[] {connectTimeout, firstTokenTimeout, interTokenTimeout}) {
            if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("Expected a timeout of 1 ms to " + LONGEST + ", found " + timeout);
            }
        }
        if (gather.isNegative() || gather.compareTo(LONGEST_GATHER) > 0) {
            throw new IllegalArgumentException("Expected to gather for at most " + LONGEST_GATHER + ", found " + gather);
        }
        if (maxLineBytes < 1) {
            throw new IllegalArgumentException("Expected a longest line from 1 byte, found " + maxLineBytes);
        }
    }

    /**
     * The default patience with the server at {@code address}: {@code http://host:11434}, with or without a trailing slash or
     * {@code /api/generate}; {@code host} and {@code host:port} mean {@code http}.
     *
     * @throws IllegalArgumentException when that is no address
     */
    public static OllamaSettings of(String address) {
        return new OllamaSettings(
                serverAt(address.strip()),
                Duration.ofSeconds(5),
                Duration.ofMinutes(5),
                Duration.ofSeconds(60),
                Duration.ofSeconds(5),
                16 * 1024 * 1024,
                Duration.ZERO);
    }

    public OllamaSettings withTimeouts(Duration firstToken, Duration interToken) {
        return new OllamaSettings(server, connectTimeout, firstToken, interToken, catalogAge, maxLineBytes, gather);
    }

    public OllamaSettings gathering(Duration time) {
        return new OllamaSettings(
                server, connectTimeout, firstTokenTimeout, interTokenTimeout, catalogAge, maxLineBytes, time);
    }

    /** The address of one call. */
    URI call(String path) {
        return URI.create(server + path);
    }

    private static URI serverAt(String address) {
        boolean bare = !address.contains("://");
        URI uri = parsed(bare ? "http://" + address : address);
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("Expected an address with http or https, found " + scheme);
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("Expected an address like " + DEFAULT_SERVER + ", found one without a host");
        }
        if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "Expected an address like " + DEFAULT_SERVER + ", found one with a user, a query or a fragment");
        }
        int port = bare && uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
        return URI.create(scheme + "://" + uri.getHost() + (port < 0 ? "" : ":" + port) + basePath(uri.getRawPath()));
    }

    private static URI parsed(String address) {
        try {
            return URI.create(address);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Expected an address like " + DEFAULT_SERVER + ", found one that cannot be read", e);
        }
    }

    private static String basePath(String path) {
        String base = withoutSlashes(path);
        for (String call : new String[] {"/api/generate", "/api/chat", "/api"}) {
            if (base.endsWith(call)) {
                return withoutSlashes(base.substring(0, base.length() - call.length()));
            }
        }
        return base;
    }

    private static String withoutSlashes(String path) {
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }
}
