package dev.parley.adapter.rest;

import dev.parley.application.ChatEngine;
import dev.parley.application.command.Outcome;
import dev.parley.domain.access.TokenIssuer;
import dev.parley.domain.error.ErrorCode;
import dev.parley.protocols.admission.Authenticator;
import dev.parley.protocols.admission.ConnectionSlots;
import dev.parley.protocols.admission.OriginPolicy;
import dev.parley.protocols.chat.ChatProtocol;
import dev.parley.protocols.connection.Connections;
import dev.parley.protocols.connection.Traffic;
import dev.parley.protocols.http.HttpEndpoint;
import dev.parley.protocols.http.HttpExchange;
import dev.parley.protocols.json.Texts;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.glassfish.jersey.CommonProperties;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.ServerProperties;

/**
 * Everything that is answered over plain HTTP: the REST interface, server-sent events, long polls, the page, health, metrics and
 * the interface's own description. Safe for use by many threads; whoever builds it closes it, after the listener.
 */
public final class RestApi implements HttpEndpoint, AutoCloseable {

    /** What a form may have around the file that is uploaded with it. */
    private static final long FORM = 64 * 1024;

    private final Supplier<ChatEngine> engine;
    private final RestSettings settings;
    private final Headers headers;
    private final Problems problems;
    private final StaticPage page;
    private final JerseyContainer container;

    private RestApi(Builder builder) {
        engine = builder.engine;
        settings = builder.settings;
        headers = new Headers(builder.origins);
        problems = new Problems(builder.texts);
        page = new StaticPage(builder.loader);
        container = new JerseyContainer(resources(builder, problems), headers);
    }

    static ResourceConfig resources(Builder builder, Problems problems) {
        ResourceConfig resources = new ResourceConfig();
        resources.property(ServerProperties.WADL_FEATURE_DISABLE, true);
        // Where the server is seen from outside is not known here.
        resources.property(ServerProperties.LOCATION_HEADER_RELATIVE_URI_RESOLUTION_DISABLED, true);
        resources.property(ServerProperties.OUTBOUND_CONTENT_LENGTH_BUFFER, 0);
        resources.property(ServerProperties.FEATURE_AUTO_DISCOVERY_DISABLE, true);
        resources.property(ServerProperties.METAINF_SERVICES_LOOKUP_DISABLE, true);
        // What every start would take time for: a test looks whether resources contradict each other, and none asks for XML or pictures.
        resources.property(ServerProperties.RESOURCE_VALIDATION_DISABLE, true);
        resources.property(CommonProperties.PROVIDER_DEFAULT_DISABLE, "ALL");
        resources.register(new Gate(builder.authenticator));
        resources.register(new ProblemMapper(problems));
        resources.register(new SessionsResource(builder.settings, builder.clock));
        resources.register(new MessagesResource());
        resources.register(new ReactionsResource());
        resources.register(new StreamsResource());
        resources.register(new UploadsResource(builder.settings.maxUpload()));
        resources.register(new PiecesResource());
        resources.register(new AttachmentsResource());
        resources.register(new SearchResource());
        resources.register(new CatalogueResource());
        resources.register(new TicketResource());
        resources.register(new ExportResource(builder.settings, builder.clock));
        resources.register(new AdminResource());
        resources.register(new OperationsResource(
                builder.settings.idleAfter(), builder.clock, builder.traffic, builder.shownSettings));
        resources.register(new RoomsResource(builder.settings, builder.issuer, builder.clock));
        resources.register(new InvestigationsResource());
        resources.register(new ServerResource(builder.health, builder.metrics));
        builder.live.ifPresent(live -> resources.register(
                new LiveResource(builder.settings, live.protocol(), live.connections(), live.slots(), builder.clock)));
        return resources;
    }

    /**
     * Begins with what it needs. What is a supplier here and below is asked with every request, so that it may begin to be there after
     * the interface was built.
     */
    public static Builder builder(
            Supplier<ChatEngine> engine, Supplier<Authenticator> authenticator, InstantSource clock) {
        return new Builder(engine, authenticator, clock);
    }

    @Override
    public void answer(HttpExchange exchange) throws IOException {
        Visit visit = new Visit(engine.get(), exchange);
        try {
            answer(exchange, visit);
        } finally {
            visit.over();
        }
    }

    private void answer(HttpExchange exchange, Visit visit) throws IOException {
        if (!headers.allowed(exchange)) {
            refuse(exchange, visit, 403, ErrorCode.FORBIDDEN, "Expected an origin that is allowed");
        } else if (Headers.preflight(exchange)) {
            exchange.respond(204, headers.ofPreflight(exchange), 0).close();
        } else if (StaticPage.owns(exchange.path())) {
            page(exchange, visit);
        } else if (exchange.path().contains(";")) {
            refuse(exchange, visit, 404, ErrorCode.NOT_FOUND, "Expected an address without parameters in its path");
        } else if (exchange.method().equals("HEAD") && Gate.live(exchange.path())) {
            refuse(exchange, visit, 405, ErrorCode.BAD_REQUEST, "Expected GET: a connection has no head of its own");
        } else {
            boolean upload = exchange.path().equals(UploadsResource.PATH);
            long most = upload ? settings.maxUpload() + FORM : settings.maxBody();
            ErrorCode code = upload ? ErrorCode.FILE_TOO_LARGE : ErrorCode.MESSAGE_TOO_LONG;
            if (declaredLength(exchange) > most) {
                refuse(exchange, visit, 413, code, "Expected a body of at most " + most + " bytes");
            } else {
                container.serve(exchange, visit, new BoundedBody(exchange.body(), most, code));
            }
        }
    }

    private void page(HttpExchange exchange, Visit visit) throws IOException {
        if (!Set.of("GET", "HEAD").contains(exchange.method())) {
            refuse(exchange, visit, 405, ErrorCode.BAD_REQUEST, "Expected GET");
        } else if (!page.answer(exchange)) {
            refuse(exchange, visit, 404, ErrorCode.NOT_FOUND, "Expected an address that is known");
        }
    }

    private void refuse(HttpExchange exchange, Visit visit, int status, ErrorCode code, String detail)
            throws IOException {
        Response problem =
                problems.of(status, new Outcome.Refusal(code, detail, Optional.empty()), visit.language());
        byte[] body = (byte[]) problem.getEntity();
        Map<String, List<String>> all = new LinkedHashMap<>(headers.ofData(exchange, Optional.empty()));
        problem.getStringHeaders().forEach((name, values) -> {
            if (!name.equalsIgnoreCase("Content-Length")) {
                all.put(name, values);
            }
        });
        boolean head = exchange.method().equals("HEAD");
        try (OutputStream out = exchange.respond(status, all, head ? 0 : body.length)) {
            if (!head) {
                out.write(body);
            }
        }
    }

    private static long declaredLength(HttpExchange exchange) {
        String length = exchange.header("content-length").orElse("0");
        return length.length() <= 18 && length.chars().allMatch(c -> c >= '0' && c <= '9') && !length.isEmpty()
                ? Long.parseLong(length)
                : Long.MAX_VALUE;
    }

    @Override
    public void close() {
        container.close();
    }

    private record Live(
            ChatProtocol protocol, Supplier<Connections> connections, Supplier<ConnectionSlots> slots) {}

    /** What the interface is made of. Used by one thread. */
    public static final class Builder {

        private final Supplier<ChatEngine> engine;
        private final Supplier<Authenticator> authenticator;
        private final InstantSource clock;
        private RestSettings settings = RestSettings.STANDARD;
        private OriginPolicy origins = new OriginPolicy(List.of());
        private Texts texts = Texts.load();
        private Supplier<HealthReport> health = () -> HealthReport.ALIVE;
        private Supplier<String> metrics = () -> "";
        private Supplier<Traffic.Totals> traffic = () -> Traffic.Totals.NONE;
        private List<ShownSetting> shownSettings = List.of();
        private ClassLoader loader = RestApi.class.getClassLoader();
        private Optional<Live> live = Optional.empty();
        private Supplier<Optional<TokenIssuer>> issuer = Optional::empty;

        private Builder(
                Supplier<ChatEngine> engine, Supplier<Authenticator> authenticator, InstantSource clock) {
            this.engine = engine;
            this.authenticator = authenticator;
            this.clock = clock;
        }

        public Builder settings(RestSettings value) {
            settings = value;
            return this;
        }

        public Builder origins(OriginPolicy value) {
            origins = value;
            return this;
        }

        public Builder texts(Texts value) {
            texts = value;
            return this;
        }

        /** Asked at every {@code GET /health}; must be quick. */
        public Builder health(Supplier<HealthReport> value) {
            health = value;
            return this;
        }

        /** The text of {@code GET /metrics}, in Prometheus' format. */
        public Builder metrics(Supplier<String> value) {
            metrics = value;
            return this;
        }

        /** What went through the connections of this host, for the operations page. */
        public Builder traffic(Supplier<Traffic.Totals> value) {
            traffic = value;
            return this;
        }

        /** The settings in force, for the operations page. */
        public Builder shownSettings(List<ShownSetting> value) {
            shownSettings = List.copyOf(value);
            return this;
        }

        /** Makes the tokens that are asked for; none where they are signed elsewhere. */
        public Builder issuer(Supplier<Optional<TokenIssuer>> value) {
            issuer = value;
            return this;
        }

        /** Where the page's files are found: {@code dev/parley/web/…}. */
        public Builder page(ClassLoader value) {
            loader = value;
            return this;
        }

        /**
         * Offers server-sent events and polls; without this there are none.
         *
         * @param slots the places that sockets take too
         */
        public Builder live(
                ChatProtocol protocol, Supplier<Connections> connections, Supplier<ConnectionSlots> slots) {
            live = Optional.of(new Live(protocol, connections, slots));
            return this;
        }

        public RestApi build() {
            return new RestApi(this);
        }
    }
}
