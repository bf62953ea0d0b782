package dev.parley.bootstrap.settings;

import dev.parley.adapter.embedded.words.WordList;
import dev.parley.application.EngineSettings;
import dev.parley.application.command.Overlap;
import dev.parley.domain.content.Filtering;
import dev.parley.domain.session.Visibility;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Every setting there is, in the order in which it is shown. */
public final class SettingsTable {
    private SettingsTable() {}

    private static final Kind<String> ANY = Kind.text("some text");
    private static final Kind<Path> PATH = new Kind<>("a path", Path::of);

    /** Who is let in without a token. */
    public enum AuthMode {
        REQUIRED,
        OPTIONAL
    }

    /** What becomes of a request for a model that is not there. */
    enum ModelFallback {
        DEFAULT,
        REJECT
    }

    /** How a line of the log looks. */
    public enum LogFormat {
        TEXT,
        JSON
    }

    private static Kind<Duration> seconds(int least) {
        return Kind.duration(ChronoUnit.SECONDS, Duration.ofSeconds(least));
    }

    // Network

    static final Setting<String> HOST = Setting.of("HOST", Kind.text("a host name or an address"), "127.0.0.1",
            "The address to listen at; 0.0.0.0 for all of the machine's.");
    static final Setting<Integer> PORT =
            Setting.of("PORT", Kind.count(0, 65_535), "8080", "The one port for everything; 0 takes any that is free.")
                    .alsoCalled("WEBSOCKET_PORT");
    static final Setting<Optional<List<String>>> CORS_ORIGIN = Setting.absent("CORS_ORIGIN",
            Kind.list("origins such as https://chat.example, separated by commas, or *", ANY), "same origin and localhost",
            "The origins whose pages may connect; * lets all in.");
    static final Setting<Optional<Path>> TLS_CERT = Setting.absent("TLS_CERT", PATH, "no TLS",
            "The certificate chain to serve TLS with (PEM file, the server's own first); read again when it changes.");
    static final Setting<Optional<Path>> TLS_KEY = Setting.absent("TLS_KEY", PATH, "no TLS",
            "The certificate's key (PEM file without a password); read again when it changes.");
    static final Setting<Optional<List<String>>> TRUSTED_PROXIES = Setting.absent("TRUSTED_PROXIES",
            Kind.list("networks such as 10.0.0.0/8, separated by commas", Kind.network()), "none",
            "The networks of proxies whose Forwarded and X-Forwarded-For, -Proto and -Host headers count.");

    // Storage

    static final Setting<Path> DATA_DIR =
            Setting.of("DATA_DIR", PATH, "./data", "The folder of the database and the signing secret; one process at a time.");
    static final Setting<Optional<String>> MONGODB_URI = Setting.absent("MONGODB_URI",
            Kind.address("an address such as mongodb://host:27017/parley", StorageAddresses::mongo), "SQLite in DATA_DIR",
            "The MongoDB that holds everything durable; together with REDIS_URL for any number of servers.").secret();
    static final Setting<Optional<String>> REDIS_URL = Setting.absent("REDIS_URL",
            Kind.address("an address such as redis://host:6379", StorageAddresses::redis), "memory",
            "The Redis that holds everything live; together with MONGODB_URI for any number of servers.").secret();
    static final Setting<Optional<Duration>> CHANGE_RETENTION = Setting.of("CHANGE_RETENTION",
            seconds(60).orForever(), "forever",
            "How long a session's changes are kept; who was away for longer loads anew. Messages stay.");

    // Identity

    static final Setting<AuthMode> AUTH_MODE = Setting.of("AUTH_MODE", Kind.choice(AuthMode.class), "required",
            "Whether everybody needs a token; with optional, who has none is anonymous.");
    static final Setting<Optional<String>> JWT_SECRET = Setting.absent("JWT_SECRET",
            new Kind<>("at least 32 bytes of text", text -> {
                if (text.getBytes(StandardCharsets.UTF_8).length < 32) {
                    throw new IllegalArgumentException();
                }
                return text;
            }), "generated once, kept in DATA_DIR", "The secret that signs tokens (HS256).").secret();
    static final Setting<Optional<URI>> JWT_JWKS_URL = Setting.absent("JWT_JWKS_URL", Kind.url(), "none",
            "Where the public keys are that verify tokens.");
    static final Setting<Optional<Path>> JWT_PUBLIC_KEY = Setting.absent("JWT_PUBLIC_KEY", PATH, "none",
            "The public key that verifies tokens (PEM file).");
    static final Setting<Optional<String>> JWT_ISSUER =
            Setting.absent("JWT_ISSUER", ANY, "not checked", "The issuer that tokens must name.");
    static final Setting<Optional<String>> JWT_AUDIENCE =
            Setting.absent("JWT_AUDIENCE", ANY, "not checked", "The audience that tokens must name.");
    static final Setting<List<String>> TICKET_ROLES = Setting.of("TICKET_ROLES",
            Kind.list("roles separated by commas", ANY), "", "The roles that may use tickets; empty for everyone signed in.");

    // Sessions

    static final Setting<Optional<Visibility>> SESSION_VISIBILITY =
            Setting.absent("SESSION_VISIBILITY", Kind.choice(Visibility.class), "by protocol",
                    "What sessions become that are made by entering them.");
    static final Setting<Duration> SESSION_IDLE_AFTER =
            Setting.of("SESSION_IDLE_AFTER", seconds(1), "30m", "After how long without activity a session counts as idle.");
    static final Setting<Optional<Duration>> SESSION_TTL = Setting.of("SESSION_TTL",
            new Kind<>(seconds(0).optional().expected() + "; 0 for never",
                    text -> seconds(0).optional().read(text).filter(ttl -> !ttl.isZero())),
            "0", "After how long without activity a session is removed for good.");
    static final Setting<Integer> CONTEXT_MESSAGES = Setting.of("CONTEXT_MESSAGES", Kind.count(1, 10_000), "10",
            "How many messages of the history the model reads.");
    static final Setting<Integer> MAX_MESSAGE_LENGTH = Setting.of("MAX_MESSAGE_LENGTH", Kind.count(1, 1_000_000), "5000",
            "How many characters a message may have.");
    static final Setting<Boolean> AUTO_TITLE = Setting.of("AUTO_TITLE", Kind.truth(), "false",
            "Whether a model names sessions (one request more each); otherwise their first words do.");

    // Replies

    static final Setting<Optional<String>> OLLAMA_SERVER = Setting.absent("OLLAMA_SERVER", Kind.text("an address such as "
            + "http://host:11434"), "http://localhost:11434, and the demo model while nothing answers there",
            "Where Ollama is, with or without /api/generate; set but empty means that there is none.").alsoCalled("OllamaServer");
    static final Setting<Optional<String>> DEFAULT_MODEL = Setting.absent("DEFAULT_MODEL", ANY, "the first that is installed",
            "The model that is asked when nobody names one.");
    static final Setting<ModelFallback> MODEL_FALLBACK = Setting.of("MODEL_FALLBACK", Kind.choice(ModelFallback.class),
            "default", "Whether the default model stands in for one that is not installed, or the request is rejected.");
    static final Setting<EngineSettings.Router> AGENT_ROUTER = Setting.of("AGENT_ROUTER",
            Kind.choice(EngineSettings.Router.class), "standard",
            "How the agent is chosen when none is named: always the default, by keywords, or by asking a model.");
    static final Setting<Overlap> TURN_POLICY = Setting.of("TURN_POLICY", Kind.choice(Overlap.class), "queue",
            "What becomes of a question that is asked while a reply runs in the session.");
    static final Setting<Integer> MAX_CONCURRENT_STREAMS = Setting.of("MAX_CONCURRENT_STREAMS", Kind.count(1, 10_000), "10",
            "How many replies run at once.");
    static final Setting<Integer> MODEL_QUEUE_LIMIT = Setting.of("MODEL_QUEUE_LIMIT", Kind.count(1, 1_000_000), "200",
            "How many replies may wait; more are refused as BUSY.");
    static final Setting<Duration> FIRST_TOKEN_TIMEOUT = Setting.of("FIRST_TOKEN_TIMEOUT", seconds(1), "5m",
            "How long a model may take to its first token, loading included.");
    static final Setting<Duration> INTER_TOKEN_TIMEOUT = Setting.of("INTER_TOKEN_TIMEOUT", seconds(1), "60s",
            "How long a model may be silent between tokens.");
    static final Setting<Duration> STREAM_DELAY = Setting.of("STREAM_DELAY", Kind.duration(ChronoUnit.MILLIS, Duration.ZERO),
            "0", "What is waited after each piece of a reply, for effect.");

    // Connections

    static final Setting<Integer> WEBSOCKET_MAX_CONNECTIONS = Setting.of("WEBSOCKET_MAX_CONNECTIONS",
            Kind.count(1, 1_000_000).orOff(Integer.MAX_VALUE), "1000", "How many connections there may be.");
    static final Setting<Integer> WEBSOCKET_MAX_CONNECTIONS_PER_USER = Setting.of("WEBSOCKET_MAX_CONNECTIONS_PER_USER",
            Kind.count(1, 1_000_000).orOff(Integer.MAX_VALUE), "20", "How many connections a user may have.");
    static final Setting<Duration> WEBSOCKET_HEARTBEAT_INTERVAL = Setting.of("WEBSOCKET_HEARTBEAT_INTERVAL", seconds(1),
            "30s", "How often a client is asked for a sign of life; a dead one is gone within two.");
    static final Setting<Duration> WEBSOCKET_TIMEOUT = Setting.of("WEBSOCKET_TIMEOUT", seconds(1).orOff(Duration.ZERO), "300s",
            "After how long without a frame in either direction a connection is closed.");
    static final Setting<Duration> WEBSOCKET_CLEANUP_INTERVAL = Setting.of("WEBSOCKET_CLEANUP_INTERVAL", seconds(1), "300s",
            "How often dead connections are looked for at the latest; Parley looks four times a second anyway.");
    static final Setting<Integer> MAX_FRAME_SIZE = Setting.of("MAX_FRAME_SIZE", Kind.size(1024), "2MB",
            "How large a frame may be, also after inflating.");
    static final Setting<Integer> OUTBOUND_BUFFER = Setting.of("OUTBOUND_BUFFER", Kind.size(4096), "1MB",
            "How much may wait for one client that reads slowly.");
    static final Setting<Boolean> WEBSOCKET_COMPRESSION = Setting.of("WEBSOCKET_COMPRESSION", Kind.truth(), "true",
            "Whether large frames are compressed for clients that can.");

    // Limits

    static final Setting<Optional<Integer>> RATE_LIMIT_MESSAGES_PER_MINUTE = Setting.of("RATE_LIMIT_MESSAGES_PER_MINUTE",
            Kind.count(1, 1_000_000).optional(), "30", "How many messages a user may send in a minute.");
    static final Setting<Optional<Integer>> REST_RATE_LIMIT = Setting.of("REST_RATE_LIMIT",
            Kind.count(1, 10_000_000).optional(), "600", "How many REST requests a user may make in a minute.");
    static final Setting<Optional<Integer>> WS_RATE_LIMIT_REQUESTS = Setting.of("WS_RATE_LIMIT_REQUESTS",
            Kind.count(1, 1_000_000).optional(), "100", "How many frames one connection may send in WS_RATE_LIMIT_WINDOW.");
    static final Setting<Duration> WS_RATE_LIMIT_WINDOW =
            Setting.of("WS_RATE_LIMIT_WINDOW", seconds(1), "60s", "The time in which WS_RATE_LIMIT_REQUESTS counts.");
    static final Setting<Boolean> LIMITER_FAILS_OPEN = Setting.of("LIMITER_FAILS_OPEN", Kind.truth(), "true",
            "Whether everything is allowed while the limiter is away; otherwise nothing that it would count.");
    static final Setting<Optional<Integer>> WS_THROTTLE_LIMIT = Setting.of("WS_THROTTLE_LIMIT",
            Kind.count(1, 1_000_000).optional(), "10",
            "How many events of one kind a user of Socket.IO may send in WS_THROTTLE_TTL, where limits say nothing else.");
    static final Setting<Duration> WS_THROTTLE_TTL = Setting.of("WS_THROTTLE_TTL",
            Kind.duration(ChronoUnit.MILLIS, Duration.ofMillis(1)), "60000", "The time in which WS_THROTTLE_LIMIT counts.");
    static final Setting<Optional<Long>> UPLOAD_RATE = Setting.of("UPLOAD_RATE", Kind.bytes(1024).optional(), "200MB",
            "How much a user may upload in a minute.");

    // Uploads and content

    static final Setting<Optional<Path>> UPLOAD_DIR = Setting.absent("UPLOAD_DIR", PATH, "uploads under DATA_DIR",
            "The folder of finished uploads; one process at a time.");
    static final Setting<Optional<Path>> TEMP_DIR = Setting.absent("TEMP_DIR", PATH, "uploads/temp under DATA_DIR",
            "The folder of unfinished uploads; one process at a time.");
    static final Setting<Long> MAX_FILE_SIZE =
            Setting.of("MAX_FILE_SIZE", Kind.bytes(1), "50MB", "How large an upload may be.");
    static final Setting<Integer> MAX_CHUNK_SIZE = Setting.of("MAX_CHUNK_SIZE", Kind.size(1), "1MB",
            "How large a piece of an upload may be; in a frame it takes a third more and must fit MAX_FRAME_SIZE.");
    static final Setting<Long> UPLOAD_QUOTA = Setting.of("UPLOAD_QUOTA", Kind.bytes(1).orOff(Long.MAX_VALUE / 4), "1GB",
            "How much a user may keep.");
    static final Setting<Boolean> VIRUS_SCAN_ENABLED = Setting.of("VIRUS_SCAN_ENABLED", Kind.truth(), "false",
            "Whether uploads are scanned by clamd; what cannot be scanned is then refused.");
    static final Setting<InetSocketAddress> CLAMD_ADDRESS =
            Setting.of("CLAMD_ADDRESS", Kind.listener(), "localhost:3310", "Where clamd is.");
    static final Setting<Optional<Filtering>> PROFANITY_FILTER = Setting.absent("PROFANITY_FILTER",
            Kind.choice(Filtering.class), "mask on Socket.IO and at /api/chat/messages, off elsewhere",
            "What becomes of profane words in messages, titles and reactions, whatever they come by.");
    static final Setting<Boolean> PROFANITY_FILTER_REPLIES = Setting.of("PROFANITY_FILTER_REPLIES", Kind.truth(), "false",
            "Whether profane words are masked in what models write, too.");
    static final Setting<List<WordList>> PROFANITY_LISTS = Setting.of("PROFANITY_LISTS",
            Kind.listOrNone("en, pt, both separated by commas, or none", Kind.choice(WordList.class)), "en,pt",
            "The word lists that are looked through, beside words in the settings file.");

    // Operation

    static final Setting<Duration> SHUTDOWN_GRACE = Setting.of("SHUTDOWN_GRACE", seconds(0), "30s",
            "How long running replies may go on when the server is told to end.");
    static final Setting<Duration> RECONNECT_SPREAD = Setting.of("RECONNECT_SPREAD", seconds(0), "5s",
            "Over how long clients are told to spread their coming back when the server ends.");
    static final Setting<LogLevels> LOG_LEVEL = Setting.of("LOG_LEVEL", LogLevels.KIND, "info",
            "What is logged, with exceptions by component: info,host=debug.");
    static final Setting<LogFormat> LOG_FORMAT =
            Setting.of("LOG_FORMAT", Kind.choice(LogFormat.class), "text", "Whether the log is written for people or as JSON.");
    static final Setting<Boolean> DEBUG =
            Setting.of("DEBUG", Kind.truth(), "false",
                    "Whether Parley's own components log at debug where LOG_LEVEL says nothing.");

    /** All of them. */
    public static final List<Setting<?>> ALL = List.of(HOST, PORT, CORS_ORIGIN, TLS_CERT, TLS_KEY, TRUSTED_PROXIES, DATA_DIR,
            MONGODB_URI, REDIS_URL, CHANGE_RETENTION, AUTH_MODE, JWT_SECRET, JWT_JWKS_URL, JWT_PUBLIC_KEY, JWT_ISSUER,
            JWT_AUDIENCE, TICKET_ROLES, SESSION_VISIBILITY, SESSION_IDLE_AFTER, SESSION_TTL, CONTEXT_MESSAGES,
            MAX_MESSAGE_LENGTH, AUTO_TITLE, OLLAMA_SERVER, DEFAULT_MODEL, MODEL_FALLBACK, AGENT_ROUTER, TURN_POLICY,
            MAX_CONCURRENT_STREAMS, MODEL_QUEUE_LIMIT, FIRST_TOKEN_TIMEOUT, INTER_TOKEN_TIMEOUT, STREAM_DELAY,
            WEBSOCKET_MAX_CONNECTIONS, WEBSOCKET_MAX_CONNECTIONS_PER_USER, WEBSOCKET_HEARTBEAT_INTERVAL, WEBSOCKET_TIMEOUT,
            WEBSOCKET_CLEANUP_INTERVAL, MAX_FRAME_SIZE, OUTBOUND_BUFFER, WEBSOCKET_COMPRESSION, RATE_LIMIT_MESSAGES_PER_MINUTE,
            REST_RATE_LIMIT, WS_RATE_LIMIT_REQUESTS, WS_RATE_LIMIT_WINDOW, LIMITER_FAILS_OPEN, WS_THROTTLE_LIMIT,
            WS_THROTTLE_TTL, UPLOAD_RATE, UPLOAD_DIR, TEMP_DIR, MAX_FILE_SIZE, MAX_CHUNK_SIZE, UPLOAD_QUOTA,
            VIRUS_SCAN_ENABLED, CLAMD_ADDRESS, PROFANITY_FILTER, PROFANITY_FILTER_REPLIES, PROFANITY_LISTS, SHUTDOWN_GRACE,
            RECONNECT_SPREAD,
            LOG_LEVEL, LOG_FORMAT, DEBUG);

    /** The setting that is read under {@code name}. */
    public static Optional<Setting<?>> named(String name) {
        return ALL.stream().filter(setting -> setting.name().equals(name) || setting.otherNames().contains(name)).findFirst();
    }
}
