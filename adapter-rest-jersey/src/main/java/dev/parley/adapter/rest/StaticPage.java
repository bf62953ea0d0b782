package dev.parley.adapter.rest;

import dev.parley.protocols.http.HttpExchange;
import java.io.ByteArrayOutputStream;
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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * The web page's files, from the class path: {@code /}, {@code /sw.js} and what is below {@code /assets/}. Only names of plain
 * letters lead anywhere, so no address leads out of the page's folder. The page's entries come with all that they import, and
 * everything that is text is compressed once. Safe for use by many threads.
 */
final class StaticPage {

    private static final String ROOT = "dev/parley/web/";
    private static final String ASSETS = "/assets/";
    private static final String WORKER = "/sw.js";
    private static final Pattern GZIP = Pattern.compile("(?i)(^|,)\\s*gzip\\s*(;|,|$)");
    private static final Pattern NO_GZIP = Pattern.compile("(?i)gzip\\s*;\\s*q=0(\\.0*)?\\s*(,|$)");
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

    /** What is compressed already. */
    private static final Set<String> PACKED = Set.of("image/png", "font/woff2", "image/x-icon");

    /** Small things do not get smaller. */
    private static final int WORTH_COMPRESSING = 600;

    private static final Map<String, String> PAGES =
            Map.of("/", "index.html", "/index.html", "index.html", "/admin", "admin.html");

    /** What the page asks for by name; the rest comes with these. */
    private static final Set<String> ENTRIES = Set.of(
            ASSETS + "js/app.js", ASSETS + "css/page.css", ASSETS + "js/admin/app.js", ASSETS + "css/admin.css");

    /** {@code compressed} empty where that is not worth while */
    private record Asset(byte[] bytes, byte[] compressed, String tag, String type) {}

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
        return PAGES.containsKey(path) || path.equals(WORKER) || path.startsWith(ASSETS);
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
        boolean compressed = asset.compressed().length > 0 && acceptsGzip(exchange);
        byte[] body = compressed ? asset.compressed() : asset.bytes();
        Headers.set(answer, "ETag", compressed ? asset.tag().replaceFirst("\"$", "-gz\"") : asset.tag());
        Headers.set(answer, "Vary", "Accept-Encoding");
        // Asked again every time and answered shortly: a new version is seen at once.
        Headers.set(answer, "Cache-Control", "no-cache");
        String hash = asset.tag().replace("\"", "");
        boolean same = exchange.header("if-none-match").filter(tags -> tags.contains(hash)).isPresent();
        if (!same) {
            Headers.set(answer, "Content-Type", asset.type());
            if (compressed) {
                Headers.set(answer, "Content-Encoding", "gzip");
            }
        }
        boolean bodiless = same || exchange.method().equals("HEAD");
        try (OutputStream out = exchange.respond(same ? 304 : 200, answer, bodiless ? 0 : body.length)) {
            if (!bodiless) {
                out.write(body);
            }
        }
        return true;
    }

    private static boolean acceptsGzip(HttpExchange exchange) {
        return exchange.header("accept-encoding")
                .filter(accepted -> GZIP.matcher(accepted).find() && !NO_GZIP.matcher(accepted).find())
                .isPresent();
    }

    private Optional<Asset> find(String path) {
        return resource(path).flatMap(name -> {
            Asset known = assets.get(name);
            if (known != null) {
                return Optional.of(known);
            }
            Optional<Asset> loaded = load(name, path);
            loaded.ifPresent(asset -> assets.put(name, asset));
            return loaded;
        });
    }

    private Optional<String> resource(String path) {
        String page = PAGES.get(path);
        if (page != null) {
            return Optional.of(ROOT + page);
        }
        if (path.equals(WORKER)) {
            return Optional.of(ROOT + "sw.js");
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
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
        if (type == null) {
            return Optional.empty();
        }
        return read(name).map(plain -> {
            byte[] bytes = ENTRIES.contains(path) ? linked(path) : plain;
            return new Asset(bytes, compressed(bytes, type), tag(bytes), type);
        });
    }

    private Optional<byte[]> read(String name) {
        try (InputStream in = loader.getResourceAsStream(name)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private byte[] linked(String path) {
        PageLinker linker = new PageLinker(address -> address.startsWith(ASSETS + "vendor/")
                ? Optional.empty()
                : resource(address).flatMap(this::read).map(bytes -> new String(bytes, StandardCharsets.UTF_8)));
        String whole = path.endsWith(".css") ? linker.styles(path) : linker.module(path);
        return whole.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] compressed(byte[] bytes, String type) {
        if (bytes.length < WORTH_COMPRESSING || PACKED.contains(type)) {
            return new byte[0];
        }
        ByteArrayOutputStream small = new ByteArrayOutputStream(bytes.length / 2);
        try (OutputStream out = new GZIPOutputStream(small) {
            {
                def.setLevel(Deflater.BEST_COMPRESSION);
            }
        }) {
            out.write(bytes);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return small.toByteArray();
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
