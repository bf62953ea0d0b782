package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.bootstrap.Parley;
import dev.parley.testkit.file.Bytes;
import dev.parley.testkit.file.RealClamd;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the whole server does with files while the machine's own clamd looks into them, and while it is away. */
class VirusTest {

    private static final String PART = "part-of-a-form";

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final PacedModel model = new PacedModel();

    @AfterEach
    void end() {
        http.close();
    }

    @Test
    void a_virus_is_refused_an_ordinary_file_is_not_and_nothing_is_taken_unseen() throws Exception {
        try (RealClamd clamd = RealClamd.start(folder.resolve("clamd"), 4 << 20);
                Parley parley = Parley.builder()
                        .dataFolder(folder.resolve("data"))
                        .set("PORT", "0")
                        .set("VIRUS_SCAN_ENABLED", "true")
                        .set("CLAMD_ADDRESS", "127.0.0.1:" + clamd.port())
                        .models(model, model)
                        .build()) {
            assertThat(upload(parley, "notes.txt", Bytes.of("nothing to see")).statusCode()).isEqualTo(201);
            assertRefused(upload(parley, "notes.txt", Bytes.eicar()), "FILE_INFECTED");
            assertRefused(upload(parley, "notes.zip", Bytes.eicar().zipped("inside.txt")), "FILE_INFECTED");
            assertThat(health(parley)).contains("\"clamd\":{\"up\":true");

            clamd.close();
            assertRefused(upload(parley, "notes.txt", Bytes.of("nobody looks")), "FILE_UNSCANNABLE");
        }
    }

    private static void assertRefused(HttpResponse<String> answer, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isGreaterThanOrEqualTo(400);
        assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
    }

    private String health(Parley parley) throws Exception {
        return http.send(
                HttpRequest.newBuilder(parley.url().resolve("/health")).build(),
                HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private HttpResponse<String> upload(Parley parley, String name, Bytes content) throws Exception {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.writeBytes(("--" + PART + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        form.writeBytes(content.all());
        form.writeBytes(("\r\n--" + PART + "--\r\n").getBytes(StandardCharsets.UTF_8));
        URI place = parley.url().resolve("/api/chat/uploads");
        String token = parley.openingUrl().orElseThrow().getFragment().substring("token=".length());
        return http.send(
                HttpRequest.newBuilder(place)
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "multipart/form-data; boundary=" + PART)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(form.toByteArray()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
