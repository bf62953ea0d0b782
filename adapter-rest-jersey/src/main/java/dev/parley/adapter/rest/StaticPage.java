package dev.parley.adapter.rest;

import dev.parley.protocols.http.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The web page's files, from the class path: {@code /} and what is below {@code /assets/}. Only names of plain letters lead
 * anywhere, so no address leads out of the page's folder. Safe for use by many threads.
 */
final class StaticPage {

    private static final String ROOT = "dev/parley/web/";
    private static final String ASSETS = "/assets/";
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "mjs", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "json", "application/json",
            "woff2", "font/woff2",
            "webmanifest", "application/manifest+json",
            "ico", "image/x-icon");

    private record Asset(byte[] bytes, String tag, String type) {}

    private final ClassLoader loader;
    private final Map<String, String> vendor;
    private final Map<String, String> headers;
    private final Map<String, Asset> assets = new ConcurrentHashMap<>();

    StaticPage(ClassLoader loader) {
        this.loader = loader;
        this.vendor = properties("vendor.properties");
        this.headers = properties("headers.properties");
    }

    /** Whether {@code path} is the page's, whatever is there. */
    static boolean owns(String path) {
        return path.equals("/") || path.equals("/index.html") || path.startsWith(ASSETS);
    }

    /** Answers, unless there is nothing at the path. */
    boolean answer(HttpExchange exchange) throws IOException {
        Optional<Asset> found = find(exchange.path());
        if (found.isEmpty()) {
            return false;
        }
        Asset asset = found.get();
        Map<String, List<String>> answer = new LinkedHashMap<>();
        headers.forEach((name, value) -> Headers.set(answer, name, value));
        Headers.set(answer, "X-Content-Type-Options", "nosniff");
        Headers.set(answer, "Referrer-Policy", "no-referrer");
        Headers.set(answer, "ETag", asset.tag());
        // Asked again every time and answered shortly: a new version is seen at once.
        Headers.set(answer, "Cache-Control", "no-cache");
        boolean same = exchange.header("if-none-match").filter(tags -> tags.contains(asset.tag())).isPresent();
        if (!same) {
            Headers.set(answer, "Content-Type", asset.type());
        }
        boolean bodiless = same || exchange.method().equals("HEAD");
        try (OutputStream out = exchange.respond(same ? 304 : 200, answer, bodiless ? 0 : asset.bytes().length)) {
            if (!bodiless) {
                out.write(asset.bytes());
            }
        }
        return true;
    }

    private Optional<Asset> find(String path) {
        return resource(path).flatMap(name -> {
            Asset known = assets.get(name);
            if (known != null) {
                return Optional.of(known);
            }
            Optional<Asset> loaded = load(name, path.equals("/") ? "index.html" : path);
            loaded.ifPresent(asset -> assets.put(name, asset));
            return loaded;
        });
    }

    private Optional<String> resource(String path) {
        if (path.equals("/") || path.equals("/index.html")) {
            return Optional.of(ROOT + "index.html");
        }
        if (path.startsWith(ASSETS + "vendor/")) {
            return Optional.ofNullable(vendor.get(path));
        }
        return path.startsWith(ASSETS) && plain(path.substring(1)) ? Optional.of(ROOT + path.substring(1)) : Optional.empty();
    }

    /** Letters, digits, hyphens, underscores and single dots between single slashes. */
    private static boolean plain(String path) {
        return path.length() < 200
                && path.matches("(?:[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*/)*[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)+");
    }

    private Optional<Asset> load(String name, String path) {
        String type = TYPES.get(path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
        if (type == null) {
            return Optional.empty();
        }
        try (InputStream in = loader.getResourceAsStream(name)) {
            if (in == null) {
                return Optional.empty();
            }
            byte[] bytes = in.readAllBytes();
            return Optional.of(new Asset(bytes, tag(bytes), type));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String tag(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return '"' + HexFormat.of().formatHex(hash, 0, 12) + '"';
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("Expected SHA-256, which every Java platform has", missing);
        }
    }

    private Map<String, String> properties(String name) {
        Properties properties = new Properties();
        try (InputStream in = loader.getResourceAsStream(ROOT + name)) {
            if (in != null) {
                try (Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
                    properties.load(reader);
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        Map<String, String> map = new LinkedHashMap<>();
        properties.stringPropertyNames().forEach(key -> map.put(key, properties.getProperty(key).strip()));
        return Map.copyOf(map);
    }
}
