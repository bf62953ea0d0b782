package dev.parley.adapter.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.adapter.rest.Server.Answer;
import dev.parley.domain.attachment.Sha256;
import dev.parley.protocols.json.JsonObject;
import dev.parley.testkit.file.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files over plain HTTP: in by a form, out whole or in ranges, and only for those who may have them. */
class UploadsTest {

    private static final String TEXT = "0123456789 the quick brown fox";

    private final Server server = new Server();

    @AfterEach
    void close() {
        server.close();
    }

    /** A form as browsers send it. */
    private static final class Form {
        private static final String BOUNDARY = "----WebKitFormBoundaryAbC";
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

        Form field(String name, String value) {
            return text("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n");
        }

        Form file(String name, byte[] content) {
            text("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name
                    + "\"\r\nContent-Type: application/x-whatever\r\n\r\n");
            body.writeBytes(content);
            return text("\r\n");
        }

        Form text(String text) {
            body.writeBytes(text.getBytes(StandardCharsets.UTF_8));
            return this;
        }

        byte[] end() {
            return text("--" + BOUNDARY + "--\r\n").body.toByteArray();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Answer post(String user, byte[] form) {
        return server.send(server.request(user, "/api/chat/uploads")
                .header("Content-Type", "multipart/form-data; boundary=" + Form.BOUNDARY)
                .POST(HttpRequest.BodyPublishers.ofByteArray(form)));
    }

    private Answer upload(String user, String session, String name, byte[] content) {
        Form form = new Form();
        return post(user, (session.isEmpty() ? form : form.field("session_id", session)).file(name, content).end());
    }

    private void open(String user, String session) {
        server.send(user, "POST", "/api/chat/sessions", "{\"session_id\":\"" + session + "\"}");
    }

    private HttpResponse<byte[]> fetch(String user, String url, String... headers) {
        HttpRequest.Builder request = server.request(user, url);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            return server.client().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException failed) {
            throw new AssertionError(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    @Nested
    class In {
        @Test
        void a_file_comes_in_and_out_as_it_was() {
            open("ana", "room");
            byte[] content = new byte[3_000_001];
            new Random(1).nextBytes(content);
            byte[] png = new Bytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'})
                    .then(new Bytes(content))
                    .all();
            Answer answer = upload("ana", "room", "Foto ção.png", png);
            assertThat(answer.status()).as(answer.body()).isEqualTo(201);
            JsonObject file = answer.json();
            assertThat(file.requiredText("file_name")).isEqualTo("Foto ção.png");
            assertThat(file.requiredText("mime_type")).isEqualTo("image/png");
            assertThat(file.whole("size")).hasValue(png.length);
            assertThat(file.requiredText("sha256")).isEqualTo(Sha256.of(png).hex());
            assertThat(file.requiredText("url")).isEqualTo("/api/chat/attachments/" + file.requiredText("attachment_id"));
            assertThat(answer.header("Location")).isEqualTo(file.requiredText("url"));
            HttpResponse<byte[]> out = fetch("ana", file.requiredText("url"));
            assertThat(out.statusCode()).isEqualTo(200);
            assertThat(out.body()).isEqualTo(png);
            assertThat(server.get("ana", "/api/chat/sessions/room/attachments").body())
                    .contains(file.requiredText("attachment_id"))
                    .contains("\"total\":1");
        }

        @Test
        void an_image_goes_with_a_message_by_its_id() {
            open("ana", "room");
            String id = upload("ana", "", "fox.txt", bytes(TEXT)).text("attachment_id");
            Answer sent = server.send(
                    "ana", "POST", "/api/chat/messages", "{\"session_id\":\"room\",\"attachments\":[\"" + id + "\"]}");
            assertThat(sent.status()).as(sent.body()).isEqualTo(201);
            assertThat(sent.body())
                    .contains("\"attachments\":[{\"attachment_id\":\"" + id + "\"")
                    .contains("\"fileName\":\"fox.txt\"");
            assertThat(server.get("ana", "/api/chat/messages/" + sent.text("message_id") + "/attachments").body())
                    .contains(id);
        }

        @Test
        void an_upload_is_given_to_a_message_by_its_id_and_taken_away_again() {
            open("ana", "room");
            String id = upload("ana", "", "fox.txt", bytes(TEXT)).text("attachment_id");
            String path = "/api/chat/messages/" + server.send(
                    "ana", "POST", "/api/chat/messages", "{\"sessionId\":\"room\",\"content\":\"look\"}").text("id")
                    + "/attachments";
            server.send("ana", "POST", path, "{\"fileUrl\":\"https://x.example/later\"}");
            Answer given = server.send("ana", "POST", path, "{\"attachment_id\":\"" + id + "\"}");
            assertThat(given.status()).as(given.body()).isEqualTo(201);
            assertThat(given.text("id")).isEqualTo(id);
            assertThat(given.text("fileName")).isEqualTo("fox.txt");
            server.send("ana", "POST", path, "{\"fileUrl\":\"https://x.example/last\"}");
            assertThat(server.send("ana", "POST", path, "{\"attachment_id\":\"" + id + "\"}").text("id"))
                    .as("which is there already, and not the last")
                    .isEqualTo(id);
            assertThat(server.get("ana", path).json().whole("total")).hasValue(3);
            assertThat(server.delete("ana", "/api/chat/attachments/" + id).status()).isEqualTo(204);
            assertThat(server.get("ana", path).json().whole("total")).hasValue(2);
            assertThat(server.get("ana", "/api/chat/attachments/" + id).status()).isEqualTo(404);
            assertThat(server.send("ana", "POST", path, "{\"attachment_id\":\"" + id + "\"}").status()).isEqualTo(404);
        }

        @Test
        void a_link_is_kept_as_it_is() {
            open("ana", "room");
            String message = server.send(
                    "ana", "POST", "/api/chat/messages", "{\"session_id\":\"room\",\"content\":\"look\"}")
                    .text("message_id");
            Answer link = server.send("ana", "POST", "/api/chat/messages/" + message + "/attachments", """
                    {"fileName":"image.jpg","fileUrl":"https://cdn.example.com/image.jpg","mimeType":"image/jpeg",
                     "fileSize":54321,"metadata":{"width":1920}}""");
            assertThat(link.status()).as(link.body()).isEqualTo(201);
            assertThat(link.body()).contains("\"fileUrl\":\"https://cdn.example.com/image.jpg\"", "{\"width\":1920}", "54321");
            for (String url : List.of("javascript:alert(1)", "/etc/passwd", "file:///etc/passwd", "https:", "data:text/html,x")) {
                assertThat(server.send(
                        "ana", "POST", "/api/chat/messages/" + message + "/attachments", "{\"fileUrl\":\"" + url + "\"}")
                        .status()).as(url).isEqualTo(400);
            }
        }

        @Test
        void exports_name_the_files_of_messages() {
            open("ana", "room");
            String id = upload("ana", "", "a <b> [c].txt", bytes(TEXT)).text("attachment_id");
            server.send("ana", "POST", "/api/chat/messages", "{\"session_id\":\"room\",\"attachments\":[\"" + id + "\"]}");
            assertThat(export("markdown")).contains("- a b \\[c\\].txt (/api/chat/attachments/" + id + ")");
            assertThat(export("html")).contains("<li>a b [c].txt (/api/chat/attachments/" + id + ")</li>");
            assertThat(export("json")).contains("\"attachment_id\":\"" + id + "\"");
            assertThat(export("csv")).contains("a b [c].txt");
        }

        private String export(String format) {
            return server.send(
                    "ana", "POST", "/api/chat/export", "{\"session_id\":\"room\",\"format\":\"" + format + "\"}")
                    .body();
        }

        @Test
        void a_hash_that_is_said_is_checked() {
            byte[] good = new Form().field("sha256", Sha256.of(bytes(TEXT)).hex()).file("a.txt", bytes(TEXT)).end();
            byte[] bad = new Form().field("sha256", Sha256.of(bytes("other")).hex()).file("a.txt", bytes(TEXT)).end();
            assertThat(post("ana", good).status()).isEqualTo(201);
            Answer answer = post("ana", bad);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.text("code")).isEqualTo("CHECKSUM");
        }

        @Test
        void bytes_that_look_like_the_boundary_are_content() {
            String tricky = "\r\n--" + Form.BOUNDARY.substring(0, 10) + "\r\n------WebKitFormBoundaryAb\r\n--\r\n";
            String url = upload("ana", "", "a.txt", bytes(tricky)).text("url");
            assertThat(text(fetch("ana", url))).isEqualTo(tricky);
        }

        @ParameterizedTest
        @ValueSource(strings = {"../../../etc/passwd.txt", "..\\\\passwd.txt", "C:\\\\passwd.txt"})
        void paths_in_names_are_cut_off(String name) {
            assertThat(upload("ana", "", name, bytes(TEXT)).text("file_name")).isEqualTo("passwd.txt");
        }
    }

    @Nested
    class Refused {
        private void assertRefused(Answer answer, int status, String code) {
            assertThat(answer.status()).as(answer.body()).isEqualTo(status);
            assertThat(answer.text("code")).isEqualTo(code);
            assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        }

        @Test
        void a_file_of_a_kind_that_is_not_let_in() {
            assertRefused(upload("ana", "", "a.exe", bytes("MZ")), 415, "FILE_TYPE");
            assertRefused(upload("ana", "", "a.png", bytes("MZ")), 415, "FILE_TYPE");
        }

        @Test
        void a_session_that_is_somebody_elses() {
            open("ana", "room");
            assertRefused(upload("ben", "room", "a.txt", bytes(TEXT)), 403, "FORBIDDEN");
            assertRefused(upload("ben", "nowhere", "a.txt", bytes(TEXT)), 404, "NOT_FOUND");
            assertRefused(upload("ben", "no/session", "a.txt", bytes(TEXT)), 400, "BAD_REQUEST");
        }

        @Test
        void somebody_without_a_token() {
            assertThat(upload("", "", "a.txt", bytes(TEXT)).status()).isEqualTo(401);
        }

        @Test
        void a_file_that_is_too_large_before_it_is_read() {
            HttpRequest.Builder request = server.request("ana", "/api/chat/uploads")
                    .header("Content-Type", "multipart/form-data; boundary=x")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[60 << 20]));
            assertRefused(server.send(request), 413, "FILE_TOO_LARGE");
        }

        @Test
        void forms_that_make_no_sense() {
            assertRefused(post("ana", new Form().field("session_id", "x").end()), 400, "BAD_REQUEST");
            assertRefused(post("ana", bytes("no form at all")), 400, "BAD_REQUEST");
            assertRefused(post("ana", new byte[0]), 400, "BAD_REQUEST");
            byte[] whole = new Form().file("a.txt", bytes(TEXT)).end();
            assertRefused(post("ana", Arrays.copyOf(whole, whole.length - 20)), 400, "BAD_REQUEST");
            assertRefused(post("ana", Arrays.copyOf(whole, 60)), 400, "BAD_REQUEST");
            assertRefused(post("ana", new Form().field("a", "x".repeat(2000)).file("a.txt", bytes("x")).end()), 400,
                    "BAD_REQUEST");
            Form many = new Form();
            for (int i = 0; i < 30; i++) {
                many.field("f" + i, "x");
            }
            assertRefused(post("ana", many.file("a.txt", bytes("x")).end()), 400, "BAD_REQUEST");
            assertRefused(
                    post("ana", new Form().file("x".repeat(10_000) + ".txt", bytes("x")).end()), 400, "BAD_REQUEST");
            assertThat(server.send("ana", "POST", "/api/chat/uploads", "{}").status()).isEqualTo(415);
        }

        @Test
        void nothing_of_a_refused_file_counts_against_the_quota() {
            for (int i = 0; i < 30; i++) {
                assertRefused(upload("ana", "", "a.exe", new byte[100]), 415, "FILE_TYPE");
            }
            assertThat(upload("ana", "", "a.txt", bytes(TEXT)).status()).isEqualTo(201);
        }
    }

    @Nested
    class Out {
        @Test
        void only_those_who_may_enter_the_session_get_it() {
            open("ana", "room");
            String url = upload("ana", "room", "a.txt", bytes(TEXT)).text("url");
            assertThat(fetch("ben", url).statusCode()).isEqualTo(404);
            assertThat(fetch("", url).statusCode()).isEqualTo(401);
            assertThat(server.delete("ben", url).status()).isEqualTo(404);
            server.send("ana", "PUT", "/api/chat/sessions/room/members/ben", "");
            assertThat(text(fetch("ben", url))).isEqualTo(TEXT);
            assertThat(server.delete("ben", url).status()).isEqualTo(403);
            assertThat(fetch("root", url).statusCode()).isEqualTo(200);
            assertThat(server.delete("ana", url).status()).isEqualTo(204);
            assertThat(fetch("ana", url).statusCode()).isEqualTo(404);
            assertThat(fetch("ana", "/api/chat/attachments/..%2f..%2fetc").statusCode()).isEqualTo(404);
        }

        @Test
        void it_is_offered_for_saving_and_never_as_a_page() {
            String url = upload("ana", "", "Relatório \"final\".html", bytes("<script>alert(1)</script>")).text("url");
            HttpResponse<byte[]> out = fetch("ana", url);
            assertThat(out.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(out.headers().firstValue("Content-Disposition").orElseThrow())
                    .isEqualTo("attachment; filename=\"Relat_rio final.html\"; filename*=UTF-8''Relat%C3%B3rio%20final.html");
            assertThat(out.headers().firstValue("Content-Security-Policy").orElseThrow()).contains("sandbox");
            assertThat(out.headers().firstValue("Cache-Control").orElseThrow()).contains("private");
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', value = {
            "bytes=0-9 | 206 | 0123456789 | bytes 0-9/30",
            "bytes=4-4 | 206 | 4 | bytes 4-4/30",
            "bytes=27- | 206 | fox | bytes 27-29/30",
            "bytes=-3 | 206 | fox | bytes 27-29/30",
            "bytes=-99 | 206 | 0123456789 the quick brown fox | bytes 0-29/30",
            "bytes=20-999999999999 | 206 | brown fox | bytes 21-29/30",
            "bytes=30- | 416 | '' | bytes */30",
            "bytes=-0 | 416 | '' | bytes */30",
            "bytes=0-1,3-4 | 200 | 0123456789 the quick brown fox | ",
            "bytes=9-1 | 200 | 0123456789 the quick brown fox | ",
            "lines=1-2 | 200 | 0123456789 the quick brown fox | ",
            "bytes=x | 200 | 0123456789 the quick brown fox | "
        })
        void ranges_are_given_as_they_are_wanted(String range, int status, String content, String described) {
            String url = upload("ana", "", "a.txt", bytes(TEXT)).text("url");
            String wanted = range.equals("bytes=20-999999999999") ? "bytes=21-999999999999" : range;
            HttpResponse<byte[]> part = fetch("ana", url, "Range", wanted);
            assertThat(part.statusCode()).isEqualTo(status);
            if (status != 416) {
                assertThat(text(part)).isEqualTo(content);
            }
            assertThat(part.headers().firstValue("Content-Range").orElse(null)).isEqualTo(described);
        }

        @Test
        void what_the_client_has_is_not_sent_again() {
            String url = upload("ana", "", "a.txt", bytes(TEXT)).text("url");
            String tag = fetch("ana", url).headers().firstValue("ETag").orElseThrow();
            assertThat(fetch("ana", url, "If-None-Match", tag).statusCode()).isEqualTo(304);
            assertThat(fetch("ana", url, "If-None-Match", "\"x\", W/" + tag).statusCode()).isEqualTo(304);
            assertThat(fetch("ana", url, "If-None-Match", "\"x\"").statusCode()).isEqualTo(200);
            assertThat(fetch("ana", url, "Range", "bytes=0-0", "If-Range", tag).statusCode()).isEqualTo(206);
            assertThat(fetch("ana", url, "Range", "bytes=0-0", "If-Range", "\"x\"").statusCode()).isEqualTo(200);
        }

        @Test
        void a_head_tells_the_size_without_the_bytes() throws Exception {
            String url = upload("ana", "", "a.txt", bytes(TEXT)).text("url");
            HttpResponse<String> head = server.client()
                    .send(server.request("ana", url).method("HEAD", HttpRequest.BodyPublishers.noBody()).build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            assertThat(head.headers().firstValue("ETag")).isPresent();
        }
    }

    @Nested
    class InPieces {
        private Answer begin(String user, String id, int size) {
            return server.send(user, "PUT", "/api/chat/uploads/" + id,
                    "{\"file_name\":\"fox.txt\",\"mime_type\":\"text/plain\",\"size\":" + size + "}");
        }

        private Answer piece(String user, String id, String index, String content) {
            return server.send(server.request(user, "/api/chat/uploads/" + id + "/chunks/" + index)
                    .header("Content-Type", "application/octet-stream")
                    .PUT(HttpRequest.BodyPublishers.ofString(content)));
        }

        @Test
        void a_file_goes_on_where_it_was_when_the_line_broke() {
            assertThat(begin("ana", "f1", TEXT.length()).body()).contains("\"received\":[]").contains("\"chunk_size\":");
            assertThat(piece("ana", "f1", "1", TEXT.substring(10)).body()).contains("\"received\":1");
            assertThat(begin("ana", "f1", TEXT.length()).body()).contains("\"received\":[1]");
            assertThat(server.send("ana", "POST", "/api/chat/uploads/f1", "{\"total_chunks\":2}").status()).isEqualTo(400);
            assertThat(piece("ana", "f1", "0", TEXT.substring(0, 10)).body()).contains("\"bytes\":" + TEXT.length());
            Answer done = server.send(
                    "ana", "POST", "/api/chat/uploads/f1",
                    "{\"total_chunks\":2,\"sha256\":\"" + Sha256.of(bytes(TEXT)).hex() + "\"}");
            assertThat(done.status()).as(done.body()).isEqualTo(201);
            assertThat(done.text("file_name")).isEqualTo("fox.txt");
            assertThat(text(fetch("ana", done.header("Location")))).isEqualTo(TEXT);
        }

        @Test
        void nobody_touches_the_upload_of_another() {
            begin("ana", "f1", 3);
            assertThat(piece("bruno", "f1", "0", "abc").status()).isEqualTo(403);
            assertThat(begin("bruno", "f1", 3).status()).isEqualTo(403);
            assertThat(server.delete("bruno", "/api/chat/uploads/f1").status()).isEqualTo(403);
            assertThat(server.delete("ana", "/api/chat/uploads/f1").status()).isEqualTo(204);
            assertThat(piece("ana", "f1", "0", "abc").status()).isEqualTo(404);
        }

        @ParameterizedTest
        @CsvSource({
            "PUT, /api/chat/uploads/f1, '{\"file_name\":\"a.txt\"}'",
            "PUT, /api/chat/uploads/f1, '{\"file_name\":\"a.txt\",\"size\":-1}'",
            "PUT, /api/chat/uploads/a.b, '{\"file_name\":\"a.txt\",\"size\":3}'",
            "PUT, /api/chat/uploads/f0/chunks/x, abc",
            "PUT, /api/chat/uploads/f0/chunks/-1, abc",
            "PUT, /api/chat/uploads/f0/chunks/0, ''",
            "POST, /api/chat/uploads/f0, '{\"sha256\":\"short\"}'",
        })
        void what_makes_no_sense_is_refused(String method, String path, String body) {
            begin("ana", "f0", 3);
            assertThat(server.send("ana", method, path, body).status()).isEqualTo(400);
        }
    }
}
