package dev.parley.bootstrap.settings;

import static dev.parley.bootstrap.settings.SettingsTable.AGENT_ROUTER;
import static dev.parley.bootstrap.settings.SettingsTable.AUTH_MODE;
import static dev.parley.bootstrap.settings.SettingsTable.AUTO_TITLE;
import static dev.parley.bootstrap.settings.SettingsTable.CHANGE_RETENTION;
import static dev.parley.bootstrap.settings.SettingsTable.CLAMD_ADDRESS;
import static dev.parley.bootstrap.settings.SettingsTable.CONTEXT_MESSAGES;
import static dev.parley.bootstrap.settings.SettingsTable.CORS_ORIGIN;
import static dev.parley.bootstrap.settings.SettingsTable.DATA_DIR;
import static dev.parley.bootstrap.settings.SettingsTable.DEBUG;
import static dev.parley.bootstrap.settings.SettingsTable.DEFAULT_MODEL;
import static dev.parley.bootstrap.settings.SettingsTable.FIRST_TOKEN_TIMEOUT;
import static dev.parley.bootstrap.settings.SettingsTable.HOST;
import static dev.parley.bootstrap.settings.SettingsTable.INTER_TOKEN_TIMEOUT;
import static dev.parley.bootstrap.settings.SettingsTable.JWT_AUDIENCE;
import static dev.parley.bootstrap.settings.SettingsTable.JWT_ISSUER;
import static dev.parley.bootstrap.settings.SettingsTable.JWT_JWKS_URL;
import static dev.parley.bootstrap.settings.SettingsTable.JWT_PUBLIC_KEY;
import static dev.parley.bootstrap.settings.SettingsTable.JWT_SECRET;
import static dev.parley.bootstrap.settings.SettingsTable.LIMITER_FAILS_OPEN;
import static dev.parley.bootstrap.settings.SettingsTable.LOG_FORMAT;
import static dev.parley.bootstrap.settings.SettingsTable.LOG_LEVEL;
import static dev.parley.bootstrap.settings.SettingsTable.MAX_CHUNK_SIZE;
import static dev.parley.bootstrap.settings.SettingsTable.MAX_CONCURRENT_STREAMS;
import static dev.parley.bootstrap.settings.SettingsTable.MAX_FILE_SIZE;
import static dev.parley.bootstrap.settings.SettingsTable.MAX_FRAME_SIZE;
import static dev.parley.bootstrap.settings.SettingsTable.MAX_MESSAGE_LENGTH;
import static dev.parley.bootstrap.settings.SettingsTable.MODEL_FALLBACK;
import static dev.parley.bootstrap.settings.SettingsTable.MODEL_QUEUE_LIMIT;
import static dev.parley.bootstrap.settings.SettingsTable.MONGODB_URI;
import static dev.parley.bootstrap.settings.SettingsTable.OLLAMA_SERVER;
import static dev.parley.bootstrap.settings.SettingsTable.OUTBOUND_BUFFER;
import static dev.parley.bootstrap.settings.SettingsTable.PORT;
import static dev.parley.bootstrap.settings.SettingsTable.PROFANITY_FILTER;
import static dev.parley.bootstrap.settings.SettingsTable.PROFANITY_FILTER_REPLIES;
import static dev.parley.bootstrap.settings.SettingsTable.PROFANITY_LISTS;
import static dev.parley.bootstrap.settings.SettingsTable.RATE_LIMIT_MESSAGES_PER_MINUTE;
import static dev.parley.bootstrap.settings.SettingsTable.RECONNECT_SPREAD;
import static dev.parley.bootstrap.settings.SettingsTable.REDIS_URL;
import static dev.parley.bootstrap.settings.SettingsTable.REST_RATE_LIMIT;
import static dev.parley.bootstrap.settings.SettingsTable.SESSION_IDLE_AFTER;
import static dev.parley.bootstrap.settings.SettingsTable.SESSION_TTL;
import static dev.parley.bootstrap.settings.SettingsTable.SESSION_VISIBILITY;
import static dev.parley.bootstrap.settings.SettingsTable.SHUTDOWN_GRACE;
import static dev.parley.bootstrap.settings.SettingsTable.STREAM_DELAY;
import static dev.parley.bootstrap.settings.SettingsTable.TEMP_DIR;
import static dev.parley.bootstrap.settings.SettingsTable.TICKET_ROLES;
import static dev.parley.bootstrap.settings.SettingsTable.TLS_CERT;
import static dev.parley.bootstrap.settings.SettingsTable.TLS_KEY;
import static dev.parley.bootstrap.settings.SettingsTable.TRUSTED_PROXIES;
import static dev.parley.bootstrap.settings.SettingsTable.TURN_POLICY;
import static dev.parley.bootstrap.settings.SettingsTable.UPLOAD_DIR;
import static dev.parley.bootstrap.settings.SettingsTable.UPLOAD_QUOTA;
import static dev.parley.bootstrap.settings.SettingsTable.UPLOAD_RATE;
import static dev.parley.bootstrap.settings.SettingsTable.VIRUS_SCAN_ENABLED;
import static dev.parley.bootstrap.settings.SettingsTable.WEBSOCKET_COMPRESSION;
import static dev.parley.bootstrap.settings.SettingsTable.WEBSOCKET_HEARTBEAT_INTERVAL;
import static dev.parley.bootstrap.settings.SettingsTable.WEBSOCKET_MAX_CONNECTIONS;
import static dev.parley.bootstrap.settings.SettingsTable.WEBSOCKET_MAX_CONNECTIONS_PER_USER;
import static dev.parley.bootstrap.settings.SettingsTable.WEBSOCKET_TIMEOUT;
import static dev.parley.bootstrap.settings.SettingsTable.WS_RATE_LIMIT_REQUESTS;
import static dev.parley.bootstrap.settings.SettingsTable.WS_RATE_LIMIT_WINDOW;
import static dev.parley.bootstrap.settings.SettingsTable.WS_THROTTLE_LIMIT;
import static dev.parley.bootstrap.settings.SettingsTable.WS_THROTTLE_TTL;

import dev.parley.adapter.ollama.OllamaSettings;
import dev.parley.application.ContentSettings;
import dev.parley.application.EngineSettings;
import dev.parley.application.EventLimits;
import dev.parley.application.UploadSettings;
import dev.parley.domain.limit.Quota;
import dev.parley.domain.llm.Agent;
import dev.parley.domain.project.Project;
import dev.parley.protocols.connection.ConnectionSettings;
import dev.parley.protocols.gateway.ChatGateway;
import dev.parley.protocols.rooms.Prices;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Reads the sources once, in their order, and gathers everything that is wrong on the way. */
final class SettingsReader {

    private static final Set<String> OWN_BUCKETS = Set.of("messages", "requests", "frames");
    private final SettingsSources sources;
    private final List<Fault> faults = new ArrayList<>();
    private final Values values = new Values(faults);
    private final Map<String, Quota> buckets = new LinkedHashMap<>();

    SettingsReader(SettingsSources sources) {
        this.sources = sources;
    }

    Settings.Reading read() {
        sources.commandLine().forEach((name, text) -> named(name, text, true));
        sources.builder().forEach((name, text) -> named(name, text, false));
        environment();
        Optional<SettingsFile> file = file().map(path -> SettingsFile.read(path, faults));
        file.ifPresent(this::take);
        SettingsLists lists = new SettingsLists(faults);
        List<Agent> agents = lists.agents(file.map(SettingsFile::agents).orElse(List.of()));
        List<Project> projects = lists.projects(file.map(SettingsFile::projects).orElse(List.of()));
        file.ifPresent(found -> found.limits().forEach(this::limit));
        Prices prices = lists.prices(file.map(SettingsFile::prices).orElse(Map.of()));
        List<String> words =
                lists.words(values.get(PROFANITY_LISTS), file.map(SettingsFile::words).orElse(List.of()));
        Settings settings = settings(agents, projects, prices, words);
        return faults.isEmpty()
                ? new Settings.Reading.Good(settings)
                : new Settings.Reading.Faulty(faults, values.shown());
    }

    private void named(String name, String text, boolean commandLine) {
        Optional<Setting<?>> setting = SettingsTable.named(name);
        if (setting.isPresent()) {
            Source source = commandLine
                    ? new Source.CommandLine(setting.get().flag())
                    : new Source.Builder();
            values.put(setting.get(), text, source);
        } else {
            Source source = commandLine ? new Source.CommandLine(name) : new Source.Builder();
            faults.add(new Fault(source, name, "expected the name of a setting, found one that nobody knows"));
        }
    }

    private void environment() {
        for (Setting<?> setting : SettingsTable.ALL) {
            List<String> names = new ArrayList<>();
            names.add(setting.name());
            names.addAll(setting.otherNames());
            for (String name : names) {
                String text = sources.environment().get(name);
                // An empty variable is how containers say "not set"; only of the model's server it says something.
                boolean says = !Objects.requireNonNullElse(text, "").isBlank() || setting == OLLAMA_SERVER;
                if (text != null && says && !values.has(setting)) {
                    values.put(setting, text, new Source.Environment());
                }
            }
        }
    }

    private Optional<Path> file() {
        if (sources.file().isPresent()) {
            return sources.file();
        }
        String named = sources.environment().getOrDefault(SettingsSources.CONFIG, "");
        if (!named.isBlank()) {
            return Optional.of(Path.of(named));
        }
        Path beside = values.get(DATA_DIR).toAbsolutePath().normalize().resolveSibling(SettingsSources.FILE_NAME);
        return sources.besideData() && Files.exists(beside) ? Optional.of(beside) : Optional.empty();
    }

    private void take(SettingsFile file) {
        file.values().forEach((setting, found) -> {
            if (!values.has(setting)) {
                values.put(setting, found.text(), found.source());
            }
        });
    }

    private void limit(String event, SettingsFile.Text limit) {
        if (!OWN_BUCKETS.contains(event) && !ChatGateway.LIMITED.contains(event)) {
            faults.add(new Fault(
                    limit.source(),
                    "limits." + event,
                    "expected one of messages, requests, frames, or an event such as session:join, found " + event));
        } else {
            try {
                Kind.Limit read = Kind.quota().read(limit.text());
                buckets.put(event, new Quota(read.permits(), read.window()));
            } catch (IllegalArgumentException malformed) {
                faults.add(new Fault(
                        limit.source(),
                        "limits." + event,
                        "expected " + Kind.quota().expected() + ", found \"" + limit.text() + "\""));
            }
        }
    }

    private Optional<Quota> quota(String bucket, Setting<Optional<Integer>> permits, Duration window) {
        if (!buckets.containsKey(bucket)) {
            return values.get(permits).map(count -> new Quota(count, window));
        }
        if (values.has(permits)) {
            faults.add(new Fault(
                    values.source(permits),
                    permits.name(),
                    "expected it or limits." + bucket + " of the settings file, found both"));
        }
        return Optional.ofNullable(buckets.get(bucket));
    }

    private Settings settings(List<Agent> agents, List<Project> projects, Prices prices, List<String> words) {
        Settings.Network network = new Settings.Network(
                values.get(HOST),
                values.get(PORT),
                values.get(CORS_ORIGIN),
                values.get(TRUSTED_PROXIES).orElse(List.of()),
                tls(),
                values.get(MAX_FRAME_SIZE),
                values.get(WEBSOCKET_COMPRESSION),
                values.get(WEBSOCKET_MAX_CONNECTIONS),
                values.get(WEBSOCKET_MAX_CONNECTIONS_PER_USER));
        Settings.Operation operation = new Settings.Operation(
                values.get(SHUTDOWN_GRACE),
                values.get(RECONNECT_SPREAD),
                values.get(LOG_LEVEL),
                values.get(LOG_FORMAT),
                values.get(DEBUG));
        Settings.Storage storage = new Settings.Storage(values.get(MONGODB_URI), values.get(REDIS_URL));
        return new Settings(
                network,
                values.get(DATA_DIR).toAbsolutePath().normalize(),
                storage,
                identity(storage),
                model(),
                engine(),
                connections(),
                values.get(SESSION_VISIBILITY),
                values.get(SESSION_IDLE_AFTER),
                operation,
                uploads(),
                agents,
                projects,
                prices,
                words,
                values.shown());
    }

    private Optional<Settings.Tls> tls() {
        Optional<Path> certificate = values.get(TLS_CERT);
        Optional<Path> key = values.get(TLS_KEY);
        if (certificate.isPresent() != key.isPresent()) {
            Setting<Optional<Path>> given = certificate.isPresent() ? TLS_CERT : TLS_KEY;
            faults.add(new Fault(values.source(given), given.name(), "expected both TLS_CERT and TLS_KEY, found one"));
        }
        readable(TLS_CERT);
        readable(TLS_KEY);
        return certificate.flatMap(chain -> key.map(secret -> new Settings.Tls(chain, secret)));
    }

    private void readable(Setting<Optional<Path>> setting) {
        values.get(setting)
                .filter(path -> !Files.isReadable(path))
                .ifPresent(path -> faults.add(new Fault(
                        values.source(setting), setting.name(), "expected a file that can be read, found " + path)));
    }

    private Settings.Identity identity(Settings.Storage storage) {
        int ways = (values.get(JWT_SECRET).isPresent() ? 1 : 0)
                + (values.get(JWT_JWKS_URL).isPresent() ? 1 : 0)
                + (values.get(JWT_PUBLIC_KEY).isPresent() ? 1 : 0);
        if (ways > 1) {
            faults.add(new Fault(
                    values.source(JWT_SECRET),
                    "JWT_SECRET",
                    "expected one of JWT_SECRET, JWT_JWKS_URL and JWT_PUBLIC_KEY, found " + ways));
        }
        if (ways == 0 && storage.shared()) {
            faults.add(new Fault(
                    values.source(JWT_SECRET),
                    "JWT_SECRET",
                    "expected it, JWT_JWKS_URL or JWT_PUBLIC_KEY, the same on all servers that share MONGODB_URI and REDIS_URL"));
        }
        readable(JWT_PUBLIC_KEY);
        return new Settings.Identity(
                values.get(AUTH_MODE),
                values.get(JWT_SECRET),
                values.get(JWT_JWKS_URL),
                values.get(JWT_PUBLIC_KEY),
                values.get(JWT_ISSUER),
                values.get(JWT_AUDIENCE));
    }

    private Settings.ModelServer model() {
        Settings.ModelServer.Place place = values.get(OLLAMA_SERVER)
                .map(this::place)
                .orElseGet(Settings.ModelServer.Place.Usual::new);
        return new Settings.ModelServer(place, values.get(FIRST_TOKEN_TIMEOUT), values.get(INTER_TOKEN_TIMEOUT));
    }

    private Settings.ModelServer.Place place(String address) {
        if (address.isBlank()) {
            return new Settings.ModelServer.Place.Nowhere();
        }
        try {
            OllamaSettings.of(address);
        } catch (IllegalArgumentException wrong) {
            faults.add(new Fault(values.source(OLLAMA_SERVER), "OLLAMA_SERVER", Fault.lowered(wrong)));
        }
        return new Settings.ModelServer.Place.At(address);
    }

    private EngineSettings engine() {
        EngineSettings standard = EngineSettings.DEFAULT;
        Duration heartbeat = values.get(WEBSOCKET_HEARTBEAT_INTERVAL);
        return new EngineSettings(
                values.get(MAX_MESSAGE_LENGTH),
                standard.maxReplyLength(),
                values.get(CONTEXT_MESSAGES),
                values.get(TURN_POLICY),
                values.get(MAX_CONCURRENT_STREAMS),
                values.get(MODEL_QUEUE_LIMIT),
                standard.coalesce(),
                values.get(STREAM_DELAY),
                standard.checkpointEvery(),
                quota("messages", RATE_LIMIT_MESSAGES_PER_MINUTE, Duration.ofMinutes(1)),
                quota("requests", REST_RATE_LIMIT, Duration.ofMinutes(1)),
                quota("frames", WS_RATE_LIMIT_REQUESTS, values.get(WS_RATE_LIMIT_WINDOW)),
                events(),
                values.get(LIMITER_FAILS_OPEN),
                values.get(SESSION_VISIBILITY),
                values.get(DEFAULT_MODEL),
                values.get(MODEL_FALLBACK) == SettingsTable.ModelFallback.DEFAULT,
                values.get(AGENT_ROUTER),
                values.get(AUTO_TITLE),
                Set.copyOf(values.get(TICKET_ROLES)),
                longer(standard.presenceLife(), heartbeat.plus(heartbeat)),
                standard.presenceGrace(),
                standard.typingLife(),
                standard.nodeLease(),
                standard.maxMissed(),
                values.get(SESSION_TTL),
                values.get(CHANGE_RETENTION),
                new UploadSettings(
                        values.get(MAX_FILE_SIZE),
                        values.get(MAX_CHUNK_SIZE),
                        values.get(UPLOAD_QUOTA),
                        values.get(UPLOAD_RATE).map(SettingsReader::perMinute),
                        standard.uploads().unfinishedLife(),
                        standard.uploads().homelessLife()),
                new ContentSettings(values.get(PROFANITY_FILTER), values.get(PROFANITY_FILTER_REPLIES)));
    }

    private EventLimits events() {
        Map<String, Quota> named = new LinkedHashMap<>(buckets);
        named.keySet().removeAll(OWN_BUCKETS);
        Duration window = values.get(WS_THROTTLE_TTL);
        return EventLimits.STANDARD
                .withOthers(values.get(WS_THROTTLE_LIMIT).map(permits -> new Quota(permits, window)))
                .with(named);
    }

    private static Quota perMinute(long bytes) {
        long units = Math.min(Integer.MAX_VALUE, Math.max(1, bytes / UploadSettings.RATE_UNIT));
        return new Quota((int) units, Duration.ofMinutes(1));
    }

    private Settings.Uploads uploads() {
        Path data = values.get(DATA_DIR);
        return new Settings.Uploads(
                values.get(UPLOAD_DIR).orElseGet(() -> data.resolve("uploads")).toAbsolutePath().normalize(),
                values.get(TEMP_DIR).orElseGet(() -> data.resolve("uploads").resolve("temp")).toAbsolutePath().normalize(),
                values.get(VIRUS_SCAN_ENABLED) ? Optional.of(values.get(CLAMD_ADDRESS)) : Optional.empty());
    }

    private ConnectionSettings connections() {
        return ConnectionSettings.STANDARD
                .withOutbound(values.get(OUTBOUND_BUFFER))
                .withTimes(values.get(WEBSOCKET_HEARTBEAT_INTERVAL), values.get(WEBSOCKET_TIMEOUT));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
