package dev.parley.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.bootstrap.Conversation;
import dev.parley.bootstrap.Parley;
import dev.parley.bootstrap.settings.SettingsTable;
import dev.parley.domain.message.Message;
import dev.parley.testkit.wire.SelfSigned;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandsTest {

    @TempDir
    Path folder;

    private record Ended(int code, String out, String err) {}

    @BeforeAll
    static void quiet() {
        Logs.quiet();
    }

    @Test
    void config_lists_every_setting_with_value_source_and_default() {
        Ended ended = run("config", "--port", "9999", "--jwt-secret", "a-secret-that-is-longer-than-thirty-two-bytes");

        assertThat(ended.code()).isZero();
        assertThat(ended.out()).contains("PORT").contains("9999").contains("command line --port").contains("8080");
        assertThat(ended.out()).contains("*****").doesNotContain("thirty-two");
        for (var setting : SettingsTable.ALL) {
            assertThat(ended.out()).contains(setting.name());
        }
    }

    @Test
    void wrong_settings_are_listed_and_end_with_two() {
        Ended ended = run("serve", "--port", "eighty", "--turn-policy", "never", "--mongodb-uri", "db");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err())
                .contains("3 settings are wrong")
                .contains("PORT (command line --port)")
                .contains("TURN_POLICY")
                .contains("MONGODB_URI")
                .doesNotContain("Exception");
    }

    @Test
    void an_unknown_flag_is_told_in_one_line() {
        Ended ended = run("--prot", "1");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("--prot").contains("--help").doesNotContain("\tat ");
    }

    @Test
    void a_token_is_signed_with_the_secret_of_the_data_folder() {
        Ended first = run("token", "--user", "ann", "--role", "user,admin", "--ttl", "30m");

        assertThat(first.code()).isZero();
        assertThat(first.out().strip().split("\\.")).hasSize(3);
        assertThat(folder.resolve("data").resolve("signing-secret")).exists();
        for (String ttl : List.of("soon", "0s", "999999999d")) {
            Ended wrong = run("token", "--ttl", ttl);
            assertThat(wrong.code()).as(ttl).isEqualTo(2);
            assertThat(wrong.err()).contains("--ttl").doesNotContain("Exception");
        }
        assertThat(run("token", "--user", "anon-ann").code()).isEqualTo(2);
    }

    @Test
    void what_keeps_a_server_from_starting_is_one_line_and_a_code_of_its_own() throws Exception {
        Path data = folder.resolve("data");
        Files.createDirectories(data);
        Files.writeString(data.resolve("parley.db"), "no database ".repeat(1000));

        Ended ended = run("serve");

        assertThat(ended.code()).isEqualTo(ExitCode.DATABASE.code());
        assertThat(ended.err().strip().lines()).hasSize(1);
        assertThat(ended.err()).contains("parley.db").contains("backup");
        assertThat(run("export").code()).isEqualTo(ExitCode.DATABASE.code());
        assertThat(run("backup", folder.resolve("copy.db").toString()).code()).isEqualTo(ExitCode.DATABASE.code());
        assertThat(folder.resolve("copy.db")).doesNotExist();
    }

    @Test
    void health_is_asked_for_over_tls_where_the_settings_say_so() throws Exception {
        SelfSigned pair = SelfSigned.elliptic(folder);
        Path certificate = folder.resolve("cert.pem");
        Path key = folder.resolve("key.pem");
        pair.write(certificate, key);
        try (Parley parley = Parley.builder()
                .dataFolder(folder.resolve("data"))
                .set("PORT", "0")
                .set("TLS_CERT", certificate.toString())
                .set("TLS_KEY", key.toString())
                .build()) {
            String port = Integer.toString(parley.port());
            Ended ended = run(
                    "health", "--port", port, "--tls-cert", certificate.toString(), "--tls-key", key.toString());
            assertThat(ended.code()).as(ended.err()).isZero();
            // Named by its address it is a server like any other, and shows a certificate that nobody vouches for.
            assertThat(run("health", "https://localhost:" + port).code()).isEqualTo(ExitCode.UNHEALTHY.code());
        }
    }

    @Test
    void health_of_nobody_is_bad() {
        Ended ended = run("health", "http://127.0.0.1:1");

        assertThat(ended.code()).isEqualTo(ExitCode.UNHEALTHY.code());
        assertThat(ended.err()).contains("expected a server at http://127.0.0.1:1, found nobody").doesNotContain("Exception");
        assertThat(run("health", "nowhere").code()).isEqualTo(2);
    }

    @Test
    void an_export_that_fails_leaves_its_file_as_it_was() throws Exception {
        Path file = folder.resolve("kept.json");
        Files.writeString(file, "The export of yesterday");
        assertThat(run("export", "--output", file.toString()).code()).isEqualTo(ExitCode.DATA_FOLDER.code());
        assertThat(folder.resolve("data")).as("nothing is made where nothing was").doesNotExist();
        Parley.builder().dataFolder(folder.resolve("data")).withoutHost().build().close();

        assertThat(run("export", "--session", "none", "--output", file.toString()).code())
                .isEqualTo(ExitCode.UNHEALTHY.code());
        assertThat(run("export", "--output", folder.resolve("no").resolve("folder.json").toString()).code()).isEqualTo(2);

        assertThat(file).hasContent("The export of yesterday");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.filter(path -> path.toString().endsWith(".part"))).isEmpty();
        }
    }

    @Test
    void an_export_replaces_what_a_link_leads_to_and_is_read_by_whom_that_was() throws Exception {
        Parley.builder().dataFolder(folder.resolve("data")).withoutHost().build().close();
        Path file = folder.resolve("first.json");
        Files.writeString(file, "The export of yesterday");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        Path link = Files.createSymbolicLink(folder.resolve("latest.json"), file);

        assertThat(run("export", "--output", link.toString()).code()).isZero();

        assertThat(link).isSymbolicLink();
        assertThat(Files.readString(file)).doesNotContain("yesterday");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-r-----");
        assertThat(run("export", "--output", folder.resolve("new.json").toString()).code()).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("new.json"))))
                .isEqualTo("rw-------");
        assertThat(run("export", "--output", "/dev/null").code()).isZero();
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.filter(path -> path.toString().endsWith(".part"))).isEmpty();
        }
    }

    @Test
    void a_backup_is_taken_while_a_server_holds_the_folder_and_an_export_is_not() throws Exception {
        Path copy = folder.resolve("copy.db");
        Ended nothing = run("backup", copy.toString());
        assertThat(nothing.err()).contains("found no");
        assertThat(nothing.code()).isEqualTo(ExitCode.DATA_FOLDER.code());

        try (Parley parley = Parley.builder().dataFolder(folder.resolve("data")).withoutHost().build();
                Conversation talk = parley.conversation("ann", "first")) {
            talk.send("Kept <b>twice</b>");
            assertThat(run("backup", copy.toString()).code()).isZero();
            Ended nowhere = run("backup", folder.resolve("not").resolve("there.db").toString());
            assertThat(nowhere.code()).isEqualTo(ExitCode.DATA_FOLDER.code());
            assertThat(nowhere.err()).contains("there.db");
            assertThat(run("backup", Files.createDirectories(folder.resolve("full")).toString()).code())
                    .isEqualTo(ExitCode.DATA_FOLDER.code());
            assertThat(folder.resolve("full.part")).doesNotExist();
            assertThat(run("export").code()).isEqualTo(ExitCode.DATA_FOLDER.code());
        }
        Path restored = folder.resolve("restored");
        Files.createDirectories(restored);
        Files.move(copy, restored.resolve("parley.db"));
        try (Parley parley = Parley.builder().dataFolder(restored).withoutHost().build();
                Conversation talk = parley.conversation("ann", "first")) {
            assertThat(talk.history(10)).singleElement().extracting(Message::content).isEqualTo("Kept <b>twice</b>");
        }
        for (String format : List.of("json", "markdown", "html", "csv")) {
            Path file = folder.resolve("out." + format);
            assertThat(run("export", "--format", format, "--output", file.toString()).code()).isZero();
            assertThat(file).content().contains("twice");
        }
        assertThat(folder.resolve("out.html")).content().doesNotContain("<b>");
        assertThat(run("export", "--session", "none").code()).isEqualTo(ExitCode.UNHEALTHY.code());
    }

    private Ended run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine program = Commands.all();
        program.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        List<String> all = new ArrayList<>(List.of(arguments));
        if (!arguments[0].startsWith("--prot")) {
            all.add("--data-dir");
            all.add(folder.resolve("data").toString());
        }
        int code = program.execute(all.toArray(String[]::new));
        return new Ended(code, out.toString(), err.toString());
    }
}
