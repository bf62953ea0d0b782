package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.bootstrap.Parley;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the files of {@code deploy} say of the server is so, as far as that can be seen without a container engine. */
class DeployTest {

    private static final Path ROOT = Path.of("..");
    private static final Path DEPLOY = ROOT.resolve("deploy");
    private static final int TO_SPARE = 5;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"compose.yaml", "kubernetes/parley.yaml"})
    void every_setting_that_is_set_there_exists(String file) throws Exception {
        assertThat(text(file).lines()
                .map(String::strip)
                .filter(line -> line.matches("[A-Z][A-Z_]+: .*"))
                .map(line -> line.substring(0, line.indexOf(':'))))
                .contains("JWT_SECRET", "MONGODB_URI", "REDIS_URL")
                .allSatisfy(name -> assertThat(settings()).contains("`" + name + "`"));
    }

    @Test
    void every_setting_of_the_image_exists_or_is_for_java() throws Exception {
        Matcher set = Pattern.compile("^ENV (.*)$", Pattern.MULTILINE).matcher(text("Dockerfile"));
        assertThat(set.find()).isTrue();
        assertThat(Pattern.compile("([A-Z_]+)=").matcher(set.group(1)).results().map(found -> found.group(1)))
                .contains("HOST", "DATA_DIR")
                .allSatisfy(name -> assertThat(settings() + "`JAVA_HOME``PARLEY_JAVA_OPTS`").contains("`" + name + "`"));
    }

    @Test
    void whatever_is_asked_for_to_know_how_a_server_is_is_answered() throws Exception {
        Set<String> asked = new TreeSet<>();
        asked.addAll(all("kubernetes/parley.yaml", "httpGet: \\{path: (\\S+?),"));
        asked.addAll(all("haproxy/parley.cfg", "httpchk GET (\\S+)"));
        assertThat(asked).containsExactly("/health", "/health/live");
        assertThat(all("kubernetes/parley.yaml", "prometheus.io/path: (\\S+)")).containsExactly("/metrics");
        asked.add("/metrics");
        try (Parley parley = Parley.builder().dataFolder(folder).set("PORT", "0").build();
                HttpClient http = HttpClient.newHttpClient()) {
            for (String path : asked) {
                HttpResponse<Void> answer = http.send(
                        HttpRequest.newBuilder(URI.create(parley.url() + path)).build(), HttpResponse.BodyHandlers.discarding());
                assertThat(answer.statusCode()).as(path).isEqualTo(200);
            }
        }
    }

    @Test
    void there_is_time_for_replies_to_end() throws Exception {
        int usual = seconds(ROOT.resolve("docs/settings.md"), "\\| `SHUTDOWN_GRACE` \\| (\\d+)s");
        assertThat(seconds(DEPLOY.resolve("compose.yaml"), "stop_grace_period: (\\d+)s"))
                .isGreaterThanOrEqualTo(usual + TO_SPARE);
        Path kubernetes = DEPLOY.resolve("kubernetes/parley.yaml");
        int before = seconds(kubernetes, "\"sleep\", \"(\\d+)\"");
        int grace = seconds(kubernetes, "SHUTDOWN_GRACE: (\\d+)s");
        assertThat(seconds(kubernetes, "terminationGracePeriodSeconds: (\\d+)"))
                .isGreaterThanOrEqualTo(before + grace + TO_SPARE);
    }

    @Test
    void the_user_and_the_port_of_the_image_are_those_of_the_cluster() throws Exception {
        assertThat(all("Dockerfile", "--uid (\\d+)")).isEqualTo(all("kubernetes/parley.yaml", "runAsUser: (\\d+)"));
        assertThat(all("Dockerfile", "EXPOSE (\\d+)")).isEqualTo(all("kubernetes/parley.yaml", "containerPort: (\\d+)"));
        assertThat(all("nginx/parley.conf", "server parley-\\d:(\\d+)")).containsOnly("8080");
        assertThat(all("haproxy/parley.cfg", "parley-\\d:(\\d+)")).containsOnly("8080");
    }

    private static List<String> all(String file, String pattern) throws IOException {
        return Pattern.compile(pattern).matcher(text(file)).results().map(found -> found.group(1)).toList();
    }

    private static int seconds(Path file, String pattern) throws IOException {
        Matcher found = Pattern.compile(pattern).matcher(Files.readString(file));
        assertThat(found.find()).as(pattern).isTrue();
        return Integer.parseInt(found.group(1));
    }

    private static String text(String file) throws IOException {
        return Files.readString(DEPLOY.resolve(file));
    }

    private static String settings() {
        try {
            return Files.readString(ROOT.resolve("docs/settings.md"));
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }
}
