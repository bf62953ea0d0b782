package dev.parley.bootstrap.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.adapter.embedded.words.WordList;
import dev.parley.application.ContentSettings;
import dev.parley.application.EngineSettings;
import dev.parley.application.command.Overlap;
import dev.parley.domain.content.Filtering;
import dev.parley.domain.limit.Quota;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

    @TempDir
    Path folder;

    @Test
    void nothing_set_gives_the_documented_defaults() {
        Settings settings = read(Map.of(), Map.of()).orThrow();

        assertThat(settings.network().host()).isEqualTo("127.0.0.1");
        assertThat(settings.network().port()).isEqualTo(8080);
        assertThat(settings.network().maxConnections()).isEqualTo(1000);
        assertThat(settings.network().maxConnectionsPerUser()).isEqualTo(20);
        assertThat(settings.engine()).isEqualTo(EngineSettings.DEFAULT);
        assertThat(settings.connections().heartbeat()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.connections().silence()).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.operation().shutdownGrace()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.model().place()).isInstanceOf(Settings.ModelServer.Place.Usual.class);
        assertThat(settings.identity().generatesSecret()).isTrue();
    }

    @Test
    void the_command_line_goes_before_the_environment_and_that_before_the_file_and_that_before_the_default() throws Exception {
        Path file = file("PORT = 1003\nCONTEXT_MESSAGES = 33\nMODEL_QUEUE_LIMIT = 3\n");
        SettingsSources sources = new SettingsSources(
                Map.of("PORT", "1001"),
                Map.of(),
                Map.of("PORT", "1002", "CONTEXT_MESSAGES", "22"),
                Optional.of(file),
                false);

        Settings settings = Settings.read(sources).orThrow();

        assertThat(settings.network().port()).isEqualTo(1001);
        assertThat(settings.engine().contextMessages()).isEqualTo(22);
        assertThat(settings.engine().queueLimit()).isEqualTo(3);
        assertThat(settings.engine().concurrentReplies()).isEqualTo(10);
        assertThat(shown(settings, "PORT").source()).hasToString("command line --port");
        assertThat(shown(settings, "CONTEXT_MESSAGES").source()).hasToString("environment");
        assertThat(shown(settings, "MODEL_QUEUE_LIMIT").source()).hasToString(file + ":3");
        assertThat(shown(settings, "MAX_CONCURRENT_STREAMS").source()).hasToString("default");
    }

    @Test
    void every_fault_is_told_at_once_with_where_it_comes_from_and_what_was_expected() throws Exception {
        Path file = file("TURN_POLICY = maybe\nmax_frame_size = 3MB\nSESSION_TTL = soon\n");
        SettingsSources sources = new SettingsSources(
                Map.of("PORT", "eighty"), Map.of(), Map.of("MAX_CONCURRENT_STREAMS", "0"), Optional.of(file), false);

        List<String> faults = faults(Settings.read(sources));

        assertThat(faults)
                .containsExactlyInAnyOrder(
                        "PORT (command line --port): expected a whole number from 0 to 65535, found \"eighty\"",
                        "MAX_CONCURRENT_STREAMS (environment): expected a whole number from 1 to 10000, found \"0\"",
                        "TURN_POLICY (" + file + ":1): expected one of queue, reject, interrupt, parallel, found \"maybe\"",
                        "max_frame_size (" + file
                                + ":2): expected the name of a setting, found nothing like it; MAX_FRAME_SIZE is one",
                        "SESSION_TTL (" + file
                                + ":3): expected a duration such as 500ms, 30s, 5m, 2h or 7d (a bare number counts seconds), or off;"
                                + " 0 for never, found \"soon\"");
        assertThatThrownBy(() -> Settings.read(sources).orThrow())
                .isInstanceOf(FaultySettingsException.class)
                .hasMessageContaining("eighty");
    }

    @Test
    void secrets_are_shown_nowhere() {
        String secret = "a-secret-that-is-longer-than-thirty-two-bytes";
        Settings settings = read(Map.of(), Map.of("JWT_SECRET", secret)).orThrow();

        assertThat(shown(settings, "JWT_SECRET").value()).isEqualTo("*****");
        assertThat(settings.toString()).doesNotContain(secret);
        assertThat(faults(read(Map.of(), Map.of("JWT_SECRET", "tiny"))))
                .singleElement()
                .asString()
                .contains("32 bytes")
                .doesNotContain("tiny");
    }

    @Test
    void bare_numbers_keep_the_unit_of_their_document() {
        Settings settings = read(
                Map.of(),
                Map.of(
                        "STREAM_DELAY",
                        "50",
                        "WEBSOCKET_TIMEOUT",
                        "120",
                        "SESSION_IDLE_AFTER",
                        "90",
                        "SESSION_TTL",
                        "3600",
                        "WS_RATE_LIMIT_WINDOW",
                        "10",
                        "MAX_FRAME_SIZE",
                        "65536"))
                .orThrow();

        assertThat(settings.engine().streamDelay()).isEqualTo(Duration.ofMillis(50));
        assertThat(settings.connections().silence()).isEqualTo(Duration.ofMinutes(2));
        assertThat(settings.idleAfter()).isEqualTo(Duration.ofSeconds(90));
        assertThat(settings.engine().sessionTtl()).contains(Duration.ofHours(1));
        assertThat(settings.engine().frames()).contains(new Quota(100, Duration.ofSeconds(10)));
        assertThat(settings.network().maxFrame()).isEqualTo(65_536);
    }

    @Test
    void durations_sizes_and_off_are_understood() {
        Settings settings = read(
                Map.of(),
                Map.of(
                        "STREAM_DELAY",
                        "500ms",
                        "FIRST_TOKEN_TIMEOUT",
                        "2h",
                        "SESSION_TTL",
                        "7d",
                        "OUTBOUND_BUFFER",
                        "3MB",
                        "RATE_LIMIT_MESSAGES_PER_MINUTE",
                        "off",
                        "WEBSOCKET_TIMEOUT",
                        "off",
                        "WEBSOCKET_MAX_CONNECTIONS",
                        "off"))
                .orThrow();

        assertThat(settings.engine().streamDelay()).isEqualTo(Duration.ofMillis(500));
        assertThat(settings.model().firstToken()).isEqualTo(Duration.ofHours(2));
        assertThat(settings.engine().sessionTtl()).contains(Duration.ofDays(7));
        assertThat(settings.connections().outboundBytes()).isEqualTo(3 << 20);
        assertThat(settings.engine().messages()).isEmpty();
        assertThat(settings.connections().silence()).isZero();
        assertThat(settings.network().maxConnections()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void words_that_offend_are_those_of_the_lists_and_the_file_s_own() throws Exception {
        Settings standard = read(Map.of(), Map.of()).orThrow();
        assertThat(standard.engine().content()).isEqualTo(ContentSettings.STANDARD);
        assertThat(standard.words()).containsAll(WordList.EN.entries()).containsAll(WordList.PT.entries());

        Settings own = fromFile(file("""
                PROFANITY_FILTER = reject
                PROFANITY_FILTER_REPLIES = true
                PROFANITY_LISTS = [pt]
                words = [batata, "-merda", 1234]
                """)).orThrow();
        assertThat(own.engine().content()).isEqualTo(new ContentSettings(Optional.of(Filtering.REJECT), true));
        assertThat(own.words())
                .containsAll(WordList.PT.entries())
                .doesNotContainAnyElementsOf(WordList.EN.entries())
                .endsWith("batata", "-merda", "1234");
        assertThat(read(Map.of(), Map.of("PROFANITY_LISTS", "none")).orThrow().words()).isEmpty();
        assertThat(faults(read(Map.of(), Map.of("PROFANITY_LISTS", "de", "PROFANITY_FILTER", "maybe"))))
                .anySatisfy(fault -> assertThat(fault).startsWith("PROFANITY_LISTS").contains("en, pt, both"))
                .anySatisfy(fault -> assertThat(fault).startsWith("PROFANITY_FILTER").contains("off, mask, reject"))
                .hasSize(2);
    }

    @Test
    void an_address_is_shown_without_its_user_and_password() {
        Settings settings = read(Map.of(), Map.of("JWT_JWKS_URL", "https://ann:secret-1@keys.example/jwks")).orThrow();
        assertThat(shown(settings, "JWT_JWKS_URL").value()).isEqualTo("https://*****@keys.example/jwks");

        for (String address : List.of("http://ann:secret-2@host:11434", "http://ann:secret/2@host", "ann:secret-2@host:11434")) {
            assertThat(read(Map.of(), Map.of("OLLAMA_SERVER", address)))
                    .isInstanceOfSatisfying(Settings.Reading.Faulty.class, faulty -> {
                        assertThat(faulty.faults()).isNotEmpty().noneMatch(fault -> fault.toString().contains("secret"));
                        assertThat(faulty.shown()).noneMatch(row -> row.value().contains("secret"));
                    });
        }
        assertThat(read(Map.of(), Map.of("JWT_JWKS_URL", "ftp://ann:secret-3@host")))
                .isInstanceOfSatisfying(Settings.Reading.Faulty.class,
                        faulty -> assertThat(faulty.faults()).singleElement().asString().contains("ftp://*****@host"));
    }

    @Test
    void where_things_are_kept_is_an_address_that_can_be_used_and_is_never_shown() {
        Map<String, String> environment = Map.of(
                "MONGODB_URI", "mongodb://ann:secret-1@db/chat",
                "REDIS_URL", "rediss://ann:secret-2@cache:6380/2",
                "JWT_SECRET", "a secret that all of the servers have");
        Settings settings = read(Map.of(), environment).orThrow();
        assertThat(settings.storage().mongo()).contains("mongodb://ann:secret-1@db/chat");
        assertThat(settings.storage().shared()).isTrue();
        assertThat(settings.toString()).doesNotContain("secret-1", "secret-2");
        assertThat(settings.shown()).noneMatch(row -> row.value().contains("secret-"));

        assertThat(faults(read(Map.of(), Map.of("MONGODB_URI", "db:27017", "REDIS_URL", "http://user:secret-3@cache"))))
                .hasSize(2)
                .anySatisfy(fault -> assertThat(fault).startsWith("MONGODB_URI").contains("mongodb://host:27017/parley"))
                .anySatisfy(fault -> assertThat(fault).startsWith("REDIS_URL").contains("redis://host:6379"))
                .noneSatisfy(fault -> assertThat(fault).contains("secret-3"));
    }

    @Test
    void servers_that_share_everything_share_what_verifies_tokens_too() {
        assertThat(faults(read(Map.of(), Map.of("MONGODB_URI", "mongodb://db/chat", "REDIS_URL", "redis://cache"))))
                .singleElement()
                .satisfies(fault -> assertThat(fault).startsWith("JWT_SECRET").contains("the same on all servers"));
        assertThat(read(Map.of(), Map.of("REDIS_URL", "redis://cache"))).isInstanceOf(Settings.Reading.Good.class);
        assertThat(read(Map.of(), Map.of("MONGODB_URI", "mongodb://db/chat"))).isInstanceOf(Settings.Reading.Good.class);
    }

    @Test
    void a_certificate_and_its_key_come_together_and_can_be_read() throws Exception {
        Path pem = Files.writeString(folder.resolve("some.pem"), "");
        assertThat(read(Map.of(), Map.of("TLS_CERT", pem.toString(), "TLS_KEY", pem.toString())).orThrow().network().tls())
                .contains(new Settings.Tls(pem, pem));
        assertThat(faults(read(Map.of(), Map.of("TLS_CERT", pem.toString()))))
                .singleElement()
                .satisfies(fault -> assertThat(fault).startsWith("TLS_CERT").contains("both TLS_CERT and TLS_KEY"));
        assertThat(faults(read(Map.of(), Map.of("TLS_CERT", pem.toString(), "TLS_KEY", "/nowhere/key.pem"))))
                .singleElement()
                .satisfies(fault -> assertThat(fault).startsWith("TLS_KEY").contains("/nowhere/key.pem"));
    }

    @Test
    void proxies_are_named_by_their_networks() {
        assertThat(read(Map.of(), Map.of("TRUSTED_PROXIES", "10.0.0.0/8, fd00::/8,192.0.2.1")).orThrow().network().proxies())
                .containsExactly("10.0.0.0/8", "fd00::/8", "192.0.2.1");
        assertThat(faults(read(Map.of(), Map.of("TRUSTED_PROXIES", "10.0.0.0/8,proxy.example"))))
                .singleElement()
                .satisfies(fault -> assertThat(fault).contains("TRUSTED_PROXIES").contains("10.0.0.0/8, separated by commas"));
    }

    @Test
    void the_models_server_may_be_usual_somewhere_or_nowhere() {
        assertThat(read(Map.of(), Map.of("OLLAMA_SERVER", "")).orThrow().model().place())
                .isInstanceOf(Settings.ModelServer.Place.Nowhere.class);
        assertThat(read(Map.of(), Map.of("OLLAMA_SERVER", "http://gpu:11434/api/generate")).orThrow().model().place())
                .isEqualTo(new Settings.ModelServer.Place.At("http://gpu:11434/api/generate"));
        assertThat(faults(read(Map.of(), Map.of("OLLAMA_SERVER", "ftp://gpu"))))
                .singleElement()
                .asString()
                .startsWith("OLLAMA_SERVER (environment): expected an address");
        assertThat(read(Map.of(), Map.of("PORT", "")).orThrow().network().port())
                .as("an empty variable says nothing of anything else")
                .isEqualTo(8080);
    }

    @Test
    void agents_projects_and_limits_come_from_the_file() throws Exception {
        Path file = file("""
                agents = [
                  { id = default, system_prompt = "Be brief." }
                  { id = coder, name = Coder, model = "qwen:7b", keywords = [java, bug], options { temperature = 0.2, num_ctx = 4096 } }
                ]
                projects = [ { id = apollo, name = Apollo, data = "Moon." } ]
                limits { messages = "100/1m", "session:join" = "50/10s" }
                WS_THROTTLE_LIMIT = 20
                prices { "gpt-4" = 0.02 }
                OllamaServer = "http://gpu:11434"
                CORS_ORIGIN = ["https://a.example", "https://b.example"]
                TURN_POLICY = interrupt
                """);

        Settings settings = fromFile(file).orThrow();

        assertThat(settings.agents()).extracting(agent -> agent.id()).containsExactly("default", "coder");
        assertThat(settings.agents().get(1).options().temperature()).contains(0.2);
        assertThat(settings.agents().get(1).options().others()).containsOnlyKeys("num_ctx");
        assertThat(settings.projects()).singleElement().extracting(project -> project.data()).isEqualTo("Moon.");
        assertThat(settings.engine().messages()).contains(new Quota(100, Duration.ofMinutes(1)));
        assertThat(settings.engine().events().of("session:join")).contains(new Quota(50, Duration.ofSeconds(10)));
        assertThat(settings.engine().events().of("message:edit")).contains(new Quota(20, Duration.ofMinutes(1)));
        assertThat(settings.engine().events().of("message:delete")).contains(new Quota(20, Duration.ofMinutes(1)));
        assertThat(settings.prices().of("gpt-4", 150)).isEqualTo(0.003);
        assertThat(settings.prices().of("llama3.2:latest", 150)).isZero();
        assertThat(settings.network().origins().orElseThrow()).containsExactly("https://a.example", "https://b.example");
        assertThat(settings.engine().overlap()).isEqualTo(Overlap.INTERRUPT);
        assertThat(settings.model().place()).isEqualTo(new Settings.ModelServer.Place.At("http://gpu:11434"));
    }

    @Test
    void faults_in_lists_say_their_line_too() throws Exception {
        Path file = file("""
                agents = [
                  { id = one, colour = red }
                  { name = Nobody }
                  { id = one }
                ]
                limits { "message:sung" = "100/1m", nonsense = "1/1s", frames = often }
                prices { "gpt-4" = 0.02, cheap = -1, dear = lots }
                words = [fine, "!?", { }]
                agent = []
                """);

        assertThat(faults(fromFile(file)))
                .anySatisfy(fault -> assertThat(fault).contains(":2").contains("unknown name colour"))
                .anySatisfy(fault -> assertThat(fault).contains(":3").contains("expected id"))
                .anySatisfy(fault -> assertThat(fault).contains(":4").contains("two called one"))
                .anySatisfy(fault -> assertThat(fault).startsWith("limits.message:sung").contains("session:join"))
                .anySatisfy(fault -> assertThat(fault).startsWith("limits.nonsense"))
                .anySatisfy(fault -> assertThat(fault).startsWith("limits.frames").contains("100/1m"))
                .anySatisfy(fault -> assertThat(fault).startsWith("prices.cheap").contains("US dollars"))
                .anySatisfy(fault -> assertThat(fault).startsWith("prices.dear").contains("US dollars"))
                .noneSatisfy(fault -> assertThat(fault).contains("gpt-4"))
                .anySatisfy(
                        fault -> assertThat(fault).startsWith("words").contains(":8").contains("letters or digits, found \"!?\""))
                .anySatisfy(fault -> assertThat(fault).startsWith("words").contains("expected text"))
                .anySatisfy(fault -> assertThat(fault).startsWith("agent (").contains("nobody knows"));
    }

    @Test
    void a_file_that_is_no_hocon_or_not_there_is_a_fault() throws Exception {
        Path broken = file("PORT = [1, \n");

        assertThat(faults(fromFile(broken))).singleElement().asString().contains("expected HOCON");
        assertThat(faults(fromFile(folder.resolve("none.conf")))).singleElement().asString().contains("found none");
    }

    @Test
    void the_file_beside_the_data_is_found() throws Exception {
        Files.writeString(folder.resolve("parley.conf"), "PORT = 7");
        SettingsSources sources = new SettingsSources(
                Map.of("DATA_DIR", folder.resolve("data").toString()), Map.of(), Map.of(), Optional.empty(), true);

        assertThat(Settings.read(sources).orThrow().network().port()).isEqualTo(7);
    }

    @Test
    void a_limit_said_twice_is_a_fault() throws Exception {
        Path file = file("limits { messages = \"100/1m\" }\nRATE_LIMIT_MESSAGES_PER_MINUTE = 5");

        assertThat(faults(fromFile(file))).singleElement().asString().contains("found both");
    }

    @Test
    void log_levels_are_read_by_component() {
        LogLevels levels = read(Map.of(), Map.of("LOG_LEVEL", "warn,host=debug")).orThrow().operation().levels();

        assertThat(levels.root()).contains(System.Logger.Level.WARNING);
        assertThat(levels.components()).containsEntry("host", System.Logger.Level.DEBUG);
        assertThat(faults(read(Map.of(), Map.of("LOG_LEVEL", "info,kitchen=debug")))).hasSize(1);
    }

    private static Settings.Reading read(Map<String, String> commandLine, Map<String, String> environment) {
        return Settings.read(new SettingsSources(commandLine, Map.of(), environment, Optional.empty(), false));
    }

    private static Settings.Reading fromFile(Path file) {
        return Settings.read(new SettingsSources(Map.of(), Map.of(), Map.of(), Optional.of(file), false));
    }

    private static List<String> faults(Settings.Reading reading) {
        assertThat(reading).isInstanceOf(Settings.Reading.Faulty.class);
        return ((Settings.Reading.Faulty) reading).faults().stream().map(Fault::toString).toList();
    }

    private static Shown shown(Settings settings, String name) {
        return settings.shown().stream().filter(shown -> shown.name().equals(name)).findFirst().orElseThrow();
    }

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("parley.conf"), content);
    }
}
