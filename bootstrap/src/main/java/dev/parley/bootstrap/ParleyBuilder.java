package dev.parley.bootstrap;

import dev.parley.bootstrap.settings.Settings;
import dev.parley.bootstrap.settings.SettingsSources;
import dev.parley.domain.IdSource;
import dev.parley.domain.access.AuditTrail;
import dev.parley.domain.access.Revocations;
import dev.parley.domain.access.TokenVerifier;
import dev.parley.domain.attachment.FileInspector;
import dev.parley.domain.attachment.VirusScanner;
import dev.parley.domain.content.ContentFilter;
import dev.parley.domain.limit.RateLimiter;
import dev.parley.domain.live.ConnectionRegistry;
import dev.parley.domain.live.EventBus;
import dev.parley.domain.live.Leases;
import dev.parley.domain.live.Presence;
import dev.parley.domain.llm.Agent;
import dev.parley.domain.llm.LlmStreamer;
import dev.parley.domain.llm.ModelCatalog;
import dev.parley.domain.project.ProjectSource;
import dev.parley.domain.reply.StreamLog;
import dev.parley.domain.store.AttachmentStore;
import dev.parley.domain.store.BlobStore;
import dev.parley.domain.store.MessageStore;
import dev.parley.domain.store.ReplyStore;
import dev.parley.domain.store.SessionStore;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.domain.time.Timers;
import dev.parley.domain.topic.TopicLog;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says what a server is made of. Whatever nobody says is as in {@code docs/settings.md}: SQLite in {@code ./data}, everything
 * live in memory, Ollama at its usual address. Neither the environment nor a file is read unless that is asked for. Used by one
 * thread.
 *
 * <p>Ports that are given are used and never closed; whoever opened them closes them after the server.
 */
public final class ParleyBuilder {

    private final Optional<Settings> ready;
    private final Map<String, String> values = new LinkedHashMap<>();
    private final List<Agent> agents = new ArrayList<>();
    private final Replacements replacements = new Replacements();
    private Optional<Path> file = Optional.empty();
    private boolean host = true;

    ParleyBuilder(Optional<Settings> ready) {
        this.ready = ready;
    }

    /** Sets a setting by its own name, as it would be written in the environment. */
    public ParleyBuilder set(String name, String value) {
        if (ready.isPresent()) {
            throw new IllegalStateException("Expected to set " + name + " where the settings were read, found them ready");
        }
        values.put(name, value);
        return this;
    }

    /** Where the database and the signing secret are kept. */
    public ParleyBuilder dataFolder(Path folder) {
        return set("DATA_DIR", folder.toString());
    }

    /** Reads a settings file too. */
    public ParleyBuilder configuration(Path path) {
        file = Optional.of(path);
        return this;
    }

    /** Adds a persona; the one called {@value Agent#DEFAULT_ID} answers when nobody names one. */
    public ParleyBuilder agent(Agent agent) {
        agents.add(agent);
        return this;
    }

    /** No network: the engine alone. */
    public ParleyBuilder withoutHost() {
        host = false;
        return this;
    }

    /** In place of SQLite; nothing is written to the data folder then. */
    public ParleyBuilder stores(
            SessionStore sessions,
            MessageStore messages,
            ReplyStore replies,
            Revocations revocations,
            AuditTrail audit,
            TopicLog topics,
            AttachmentStore attachments,
            BlobStore blobs) {
        replacements.durable = Optional.of(
                new Replacements.Durable(sessions, messages, replies, revocations, audit, topics, attachments, blobs));
        return this;
    }

    /** In place of what tells files by the bytes that they begin with. */
    public ParleyBuilder inspector(FileInspector port) {
        replacements.inspector = Optional.of(port);
        return this;
    }

    /** Has every upload scanned, whatever the settings say. */
    public ParleyBuilder scanner(VirusScanner port) {
        replacements.scanner = Optional.of(port);
        return this;
    }

    /** In place of the word lists; {@code PROFANITY_FILTER} says what becomes of what it finds. */
    public ParleyBuilder filter(ContentFilter port) {
        replacements.filter = Optional.of(port);
        return this;
    }

    /** In place of Ollama. */
    public ParleyBuilder models(LlmStreamer streamer, ModelCatalog catalog) {
        replacements.models = Optional.of(new Replacements.Models(streamer, catalog));
        return this;
    }

    public ParleyBuilder streams(StreamLog port) {
        replacements.streams = Optional.of(port);
        return this;
    }

    public ParleyBuilder bus(EventBus port) {
        replacements.bus = Optional.of(port);
        return this;
    }

    public ParleyBuilder presence(Presence port) {
        replacements.presence = Optional.of(port);
        return this;
    }

    public ParleyBuilder limiter(RateLimiter port) {
        replacements.limiter = Optional.of(port);
        return this;
    }

    public ParleyBuilder leases(Leases port) {
        replacements.leases = Optional.of(port);
        return this;
    }

    public ParleyBuilder connections(ConnectionRegistry port) {
        replacements.connections = Optional.of(port);
        return this;
    }

    public ParleyBuilder projects(ProjectSource port) {
        replacements.projects = Optional.of(port);
        return this;
    }

    /** Told everything that is counted, in place of the metrics behind {@code /metrics}. */
    public ParleyBuilder telemetry(Telemetry port) {
        replacements.telemetry = Optional.of(port);
        return this;
    }

    /** In place of tokens signed with {@code JWT_SECRET} and its kind. */
    public ParleyBuilder verifier(TokenVerifier port) {
        replacements.verifier = Optional.of(port);
        return this;
    }

    public ParleyBuilder ids(IdSource port) {
        replacements.ids = Optional.of(port);
        return this;
    }

    public ParleyBuilder timers(Timers port) {
        replacements.timers = Optional.of(port);
        return this;
    }

    public ParleyBuilder clock(InstantSource port) {
        replacements.clock = Optional.of(port);
        return this;
    }

    /**
     * Starts it; what was opened is closed again when something fails.
     *
     * @throws dev.parley.bootstrap.settings.FaultySettingsException when settings are wrong; names all that are
     * @throws StartException when the address, the data folder or the database cannot be used
     */
    public Parley build() {
        Settings settings =
                ready.orElseGet(() -> Settings.read(SettingsSources.ofBuilder(values, file)).orThrow());
        return new Wiring(settings, agents, replacements, host).start();
    }
}
