package dev.parley.bootstrap;

import dev.parley.application.ChatEngine;
import dev.parley.bootstrap.settings.Settings;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.TicketId;
import dev.parley.domain.session.Visibility;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A running server, or the engine alone. Any number of them live in one process, each with its own data folder. Safe for use by
 * many threads; whoever builds it closes it.
 */
public final class Parley implements AutoCloseable {

    /** How long the token lasts with which {@link #openingUrl} lets in. */
    public static final Duration OPENING = Duration.ofHours(12);

    private final Settings settings;
    private final ChatEngine engine;
    private final Optional<RunningHost> host;
    private final Tokens tokens;
    private final HealthChecks health;
    private final Optional<Backup> backup;
    private final Lifecycle lifecycle;
    private final AtomicBoolean draining = new AtomicBoolean();

    /** Writes a copy of the database. */
    interface Backup {
        void to(Path target);
    }

    Parley(
            Settings settings,
            ChatEngine engine,
            Optional<RunningHost> host,
            Tokens tokens,
            HealthChecks health,
            Optional<Backup> backup,
            Lifecycle lifecycle) {
        this.settings = settings;
        this.engine = engine;
        this.host = host;
        this.tokens = tokens;
        this.health = health;
        this.backup = backup;
        this.lifecycle = lifecycle;
    }

    /** A builder that brings everything; what nobody says is as in {@code docs/settings.md}. */
    public static ParleyBuilder builder() {
        return new ParleyBuilder(Optional.empty());
    }

    /** A builder over settings that were read already. */
    public static ParleyBuilder builder(Settings settings) {
        return new ParleyBuilder(Optional.of(settings));
    }

    /** For everything that has no method here. */
    public ChatEngine engine() {
        return engine;
    }

    /** Opens {@code session} for {@code user}, private to them when it is new. */
    public Conversation conversation(String user, String session) {
        return conversation(Principal.trusted(new UserId(user)), session, Visibility.PRIVATE);
    }

    public Conversation conversation(Principal who, String session, Visibility whenNew) {
        return Conversation.open(engine, who, new SessionId(session), whenNew);
    }

    /**
     * What answers a ticket: the answer that was given before, or else one that is asked for now; whoever asks at the same time, by
     * whatever protocol, is given the same. {@code onText} gets its text piece by piece, on one thread.
     */
    public Answer ticket(String user, String ticket, String body, Consumer<String> onText) {
        return Conversation.ofTicket(
                engine, Principal.trusted(new UserId(user)), new TicketId(ticket), body, onText);
    }

    /** Tells those who are connected what happens elsewhere. */
    public Publisher publisher() {
        return new Publisher(engine);
    }

    /** Where it listens. @throws IllegalStateException when it was built without a host */
    public URI url() {
        return settings.network().address(port());
    }

    /** The port it listens at. @throws IllegalStateException when it was built without a host */
    public int port() {
        return host.orElseThrow(() -> new IllegalStateException("Expected a server with a host, found one without"))
                .port();
    }

    /**
     * The page with a new token of the user {@code local}, an administrator, for {@link #OPENING}: only where nobody but this
     * machine can reach the server and it signs with a secret of its own.
     */
    public Optional<URI> openingUrl() {
        if (host.isEmpty() || !settings.network().loopback() || !settings.identity().generatesSecret()) {
            return Optional.empty();
        }
        return tokens.issue(new UserId("local"), "Local", Set.of("user", Principal.ADMIN), OPENING)
                .map(token -> URI.create(url() + "/#token=" + token));
    }

    public Health health() {
        return health.now();
    }

    /**
     * Writes a copy of the database while it is used.
     *
     * @throws IllegalStateException when the stores are an embedder's own
     */
    public void backup(Path target) {
        backup.orElseThrow(() -> new IllegalStateException("Expected a database of this server's own, found none"))
                .to(target);
    }

    /**
     * Takes no new clients and no new work, tells clients to come back later, each at another time, and lets running replies end
     * for as long as the settings grant. Blocks until then. {@link #close} follows.
     */
    public void drain() {
        if (draining.compareAndSet(false, true)) {
            host.ifPresent(RunningHost::stopAccepting);
            engine.drain(
                    settings.operation().shutdownGrace(), settings.operation().reconnectSpread());
        }
    }

    public Settings settings() {
        return settings;
    }

    /** Ends everything, in the reverse order of its beginning; bounded in time, closing twice is harmless. */
    @Override
    public void close() {
        lifecycle.close();
    }
}
