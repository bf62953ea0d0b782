package dev.parley.adapter.redis;

import dev.parley.adapter.redis.RedisSettings.Login;
import dev.parley.adapter.redis.RedisSettings.Server;
import dev.parley.adapter.redis.RedisSettings.Topology;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads an address of Redis. What it throws says what was expected and never repeats what may hold a password. */
final class RedisAddress {

    private static final Set<String> OPTIONS = Set.of("prefix", "ca", "sentinel_user", "sentinel_password");
    private static final String FORMS = "redis://host:port/database, redis+sentinel://host:port,host:port/primary"
            + " or redis+cluster://host:port,host:port, with rediss for TLS";

    private final String scheme;
    private final Optional<Login> login;
    private final String hosts;
    private final List<String> path;
    private final Map<String, String> options;

    private RedisAddress(
            String scheme, Optional<Login> login, String hosts, List<String> path, Map<String, String> options) {
        this.scheme = scheme;
        this.login = login;
        this.hosts = hosts;
        this.path = path;
        this.options = options;
    }

    static RedisSettings read(String address) {
        String whole = address.strip();
        int colon = whole.indexOf("://");
        if (colon < 0) {
            throw new IllegalArgumentException("Expected an address like " + FORMS);
        }
        String scheme = whole.substring(0, colon).toLowerCase(Locale.ROOT);
        String rest = whole.substring(colon + 3);
        int question = rest.indexOf('?');
        Map<String, String> options = question < 0 ? Map.of() : options(rest.substring(question + 1));
        rest = question < 0 ? rest : rest.substring(0, question);
        int at = rest.lastIndexOf('@');
        Optional<Login> login = at < 0 ? Optional.empty() : Optional.of(login(rest.substring(0, at)));
        rest = rest.substring(at + 1);
        int slash = rest.indexOf('/');
        String hosts = slash < 0 ? rest : rest.substring(0, slash);
        List<String> path = slash < 0 ? List.of() : path(rest.substring(slash + 1));
        return new RedisAddress(scheme, login, hosts, path, options).settings();
    }

    private RedisSettings settings() {
        return switch (scheme) {
            case "redis", "rediss" -> single();
            case "redis+sentinel", "rediss+sentinel" -> sentinel();
            case "redis+cluster", "rediss+cluster" -> cluster();
            default -> throw new IllegalArgumentException("Expected an address like " + FORMS + ", found " + scheme);
        };
    }

    private RedisSettings single() {
        List<Server> servers = servers(RedisSettings.DEFAULT_PORT);
        if (servers.size() != 1 || path.size() > 1) {
            throw new IllegalArgumentException("Expected one server and at most a database behind it, as in redis://host:6379/0");
        }
        return settings(new Topology.Single(servers.getFirst()), path.isEmpty() ? 0 : database(path.getFirst()));
    }

    private RedisSettings sentinel() {
        if (path.isEmpty() || path.size() > 2) {
            throw new IllegalArgumentException(
                    "Expected the primary's name behind the sentinels, as in redis+sentinel://host:26379/primary/0");
        }
        Optional<String> user = Optional.ofNullable(options.get("sentinel_user"));
        Optional<Login> asking = Optional.ofNullable(options.get("sentinel_password"))
                .map(password -> new Login(user, password));
        return settings(
                new Topology.Sentinel(servers(RedisSettings.DEFAULT_SENTINEL_PORT), path.getFirst(), asking),
                path.size() == 1 ? 0 : database(path.get(1)));
    }

    private RedisSettings cluster() {
        if (!path.isEmpty()) {
            throw new IllegalArgumentException("Expected nothing behind a cluster's servers: a cluster has one database");
        }
        return settings(new Topology.Cluster(servers(RedisSettings.DEFAULT_PORT)), 0);
    }

    private RedisSettings settings(Topology topology, int database) {
        if (!(topology instanceof Topology.Sentinel) && options.keySet().stream().anyMatch(o -> o.startsWith("sentinel"))) {
            throw new IllegalArgumentException("Expected sentinel_user and sentinel_password with redis+sentinel only");
        }
        return RedisSettings.at(
                topology,
                scheme.startsWith("rediss"),
                login,
                database,
                options.getOrDefault("prefix", RedisSettings.DEFAULT_PREFIX),
                Optional.ofNullable(options.get("ca")).map(RedisAddress::file));
    }

    private List<Server> servers(int usualPort) {
        List<Server> servers = new ArrayList<>();
        for (String host : hosts.split(",", -1)) {
            servers.add(server(host, usualPort));
        }
        return servers;
    }

    private static Server server(String text, int usualPort) {
        boolean literal = text.startsWith("[");
        int end = literal ? text.indexOf(']') + 1 : text.contains(":") ? text.indexOf(':') : text.length();
        String host = literal ? text.substring(1, Math.max(1, end - 1)) : text.substring(0, end);
        String port = text.substring(end);
        if (host.isBlank() || !port.isEmpty() && !port.startsWith(":")) {
            throw new IllegalArgumentException("Expected servers like host:port, [ip6]:port or host");
        }
        return new Server(host, port.isEmpty() ? usualPort : number(port.substring(1), 1, 65_535, "a port"));
    }

    private static Login login(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("Expected user:password@ or :password@ before the server");
        }
        String user = decoded(text.substring(0, colon));
        return new Login(user.isEmpty() ? Optional.empty() : Optional.of(user), decoded(text.substring(colon + 1)));
    }

    private static List<String> path(String text) {
        String without = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        return without.isEmpty() ? List.of() : List.of(without.split("/", -1)).stream().map(RedisAddress::decoded).toList();
    }

    private static Map<String, String> options(String text) {
        Map<String, String> options = new HashMap<>();
        for (String part : text.split("&", -1)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            if (equals < 0 || !OPTIONS.contains(name)) {
                throw new IllegalArgumentException(
                        "Expected prefix=, ca=, sentinel_user= or sentinel_password= behind the question mark");
            }
            options.put(name, decoded(part.substring(equals + 1)));
        }
        return options;
    }

    private static int database(String text) {
        return number(text, 0, Integer.MAX_VALUE, "a database number");
    }

    private static int number(String text, int least, int most, String what) {
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException none) {
            throw new IllegalArgumentException("Expected " + what + " of " + least + " to " + most, none);
        }
        throw new IllegalArgumentException("Expected " + what + " of " + least + " to " + most + ", found another number");
    }

    private static Path file(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException none) {
            throw new IllegalArgumentException("Expected ca= to name a file", none);
        }
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("Expected special characters in percent form, as %40 for @", malformed);
        }
    }
}
