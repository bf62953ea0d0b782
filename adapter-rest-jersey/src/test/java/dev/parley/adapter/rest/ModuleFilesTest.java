package dev.parley.adapter.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.parley.adapter.rest.Server.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of messages, as clients of the chat module know them. */
class ModuleFilesTest extends ChatModule {

    @Test
    void a_link_is_kept_as_text_and_never_fetched_wherever_it_points() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        HttpServer inside = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        inside.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        inside.start();
        try {
            String message = say("ana", "Look");
            String path = "/api/chat/messages/" + message + "/attachments";
            List<String> urls = List.of(
                    "http://127.0.0.1:" + inside.getAddress().getPort() + "/secret.png",
                    "http://169.254.169.254/latest/meta-data/",
                    "http://[::1]:6379/",
                    "https://user:word@10.0.0.1/a.txt");
            for (String url : urls) {
                Answer added = server.send("ana", "POST", path,
                        "{\"fileUrl\":\"" + url + "\",\"fileSize\":54321,\"metadata\":{\"width\":1920}}");
                assertThat(added.status()).as(added.body()).isEqualTo(201);
                assertThat(added.text("fileUrl")).isEqualTo(url);
                assertThat(added.text("messageId")).isEqualTo(message);
                assertThat(added.text("createdAt")).isNotEmpty();
                assertThat(added.json().whole("fileSize")).hasValue(54321);
                assertThat(DESCRIBED.faults("Attachment", added.json())).isEmpty();
                assertThat(server.get("ana", "/api/chat/attachments/" + added.text("id")).status()).isEqualTo(404);
            }
            Answer all = server.get("bruno", path);
            assertThat(all.json().whole("total")).hasValue(urls.size());
            assertThat(DESCRIBED.faults("AttachmentList", all.json())).isEmpty();
            assertThat(asked).hasValue(0);
        } finally {
            inside.stop(0);
        }
    }

    @Test
    void several_come_at_once_and_a_message_has_no_more_than_it_may() {
        String path = "/api/chat/messages/" + say("ana", "Look") + "/attachments";
        Answer two = server.send("ana", "POST", path,
                "{\"attachments\":[{\"fileUrl\":\"https://x.example/1\"},{\"fileUrl\":\"https://x.example/2\"}]}");
        assertThat(two.status()).isEqualTo(201);
        assertThat(two.json().whole("total")).hasValue(2);
        assertThat(DESCRIBED.faults("AttachmentList", two.json())).isEmpty();
        String nineteen = "{\"fileUrl\":\"https://x.example/3\"},".repeat(18) + "{\"fileUrl\":\"https://x.example/4\"}";
        assertThat(server.send("ana", "POST", path, "{\"attachments\":[" + nineteen + "]}").status()).isEqualTo(400);
        assertThat(server.get("ana", path).json().whole("total")).hasValue(2);
    }

    @Test
    void only_authors_give_files_to_messages_and_only_owners_take_them_away() {
        String message = say("ana", "Look");
        String path = "/api/chat/messages/" + message + "/attachments";
        String link = "{\"fileUrl\":\"https://x.example/1\",\"fileName\":\"a.txt\"}";
        assertThat(server.send("bruno", "POST", path, link).status()).isEqualTo(403);
        assertThat(server.send("carla", "POST", path, link).status()).isEqualTo(404);
        String file = server.send("ana", "POST", path, link).text("id");

        assertThat(server.get("carla", path).status()).isEqualTo(404);
        assertThat(server.delete("bruno", "/api/chat/attachments/" + file).status()).isEqualTo(403);
        assertThat(server.delete("carla", "/api/chat/attachments/" + file).status()).isEqualTo(404);
        assertThat(server.delete("ana", "/api/chat/attachments/" + file).status()).isEqualTo(204);
        assertThat(server.get("bruno", path).json().whole("total")).hasValue(0);
        assertThat(server.delete("ana", "/api/chat/attachments/" + file).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{}",
        "{\"fileUrl\":\"\"}",
        "{\"fileUrl\":\"file:///etc/passwd\"}",
        "{\"fileUrl\":\"javascript:alert(1)\"}",
        "{\"fileUrl\":\"https://x.example/1\",\"fileSize\":-1}",
        "{\"fileUrl\":\"https://x.example/1\",\"metadata\":[]}",
        "{\"attachments\":[]}",
        "{\"attachments\":\"x\"}",
        "{\"attachment_id\":\"../..\"}"
    })
    void what_is_no_file_is_said_to_be_none(String body) {
        Answer answer = server.send("ana", "POST", "/api/chat/messages/" + say("ana", "Look") + "/attachments", body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    }
}
