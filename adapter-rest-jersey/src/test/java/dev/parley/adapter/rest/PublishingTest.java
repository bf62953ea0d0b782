package dev.parley.adapter.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.adapter.rest.Server.Answer;
import dev.parley.domain.access.UserId;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.topic.Audience;
import dev.parley.domain.topic.Publication;
import dev.parley.domain.topic.TopicEntry;
import dev.parley.domain.topic.TopicId;
import dev.parley.domain.topic.TopicLog;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PublishingTest {

    private static final TopicId CASE = TopicId.named("inv-7");

    private final Server server = new Server();

    @AfterEach
    void stop() {
        server.close();
    }

    private List<Publication> published(TopicId topic) {
        TopicLog.Stretch stretch = server.store.topics().after(topic, 0, 100);
        return ((TopicLog.Stretch.Entries) stretch)
                .entries()
                .stream()
                .map(TopicEntry::publication)
                .toList();
    }

    @Test
    void a_service_publishes_what_the_document_says() {
        Answer update = server.send("feeder", "POST", "/api/investigations/inv-7/updates",
                "{\"update_type\":\"progress\",\"data\":{\"percent\":40}}");
        Answer anomaly = server.send("root", "POST", "/api/investigations/inv-7/anomalies",
                "{\"severity\":\"high\",\"description\":\"Preço\"}");
        assertThat(update.status()).as(update.body()).isEqualTo(201);
        assertThat(update.json().whole("position")).hasValue(1);
        assertThat(update.text("published_at")).endsWith("Z");
        assertThat(anomaly.json().whole("position")).hasValue(2);
        assertThat(server.send("feeder", "POST", "/api/investigations/inv-7/updates", "{\"update_type\":\"done\"}").status())
                .isEqualTo(201);
        assertThat(published(CASE)).containsExactly(
                new Publication.Update("progress", "{\"percent\":40}"),
                new Publication.Anomaly("{\"severity\":\"high\",\"description\":\"Preço\"}"),
                new Publication.Update("done", "{}"));
    }

    @Test
    void a_session_is_notified_if_it_is_there() {
        server.send("ana", "POST", "/api/chat/sessions", "{\"session_id\":\"s\"}");
        assertThat(server.send("feeder", "POST", "/api/chat/sessions/s/notifications", "{\"title\":\"x\"}").status())
                .isEqualTo(201);
        assertThat(published(TopicId.of(new SessionId("s"))))
                .containsExactly(new Publication.Notification("{\"title\":\"x\"}"));
        assertThat(server.send("feeder", "POST", "/api/chat/sessions/t/notifications", "{}").status()).isEqualTo(404);
        server.delete("ana", "/api/chat/sessions/s");
        assertThat(server.send("feeder", "POST", "/api/chat/sessions/s/notifications", "{}").status()).isEqualTo(410);
    }

    @Test
    void who_may_not_publish_is_refused() {
        server.send("ana", "POST", "/api/chat/sessions", "{\"session_id\":\"s\"}");
        for (String[] request : new String[][] {
            {"POST", "/api/investigations/inv-7/updates", "{\"update_type\":\"progress\"}"},
            {"POST", "/api/investigations/inv-7/anomalies", "{}"},
            {"PUT", "/api/investigations/inv-7", "{\"audience\":[\"ana\"]}"},
            {"POST", "/api/chat/sessions/s/notifications", "{}"}
        }) {
            Answer answer = server.send("ana", request[0], request[1], request[2]);
            assertThat(answer.status()).as(request[1]).isEqualTo(403);
            assertThat(answer.text("code")).isEqualTo("FORBIDDEN");
            assertThat(server.send("", request[0], request[1], request[2]).status()).isEqualTo(401);
        }
        assertThat(published(CASE)).isEmpty();
    }

    @Test
    void an_audience_is_set_and_taken_back() {
        assertThat(server.send("feeder", "PUT", "/api/investigations/inv-7", "{\"audience\":[\"ana\",\"bia\",\"ana\"]}").status())
                .isEqualTo(204);
        assertThat(server.store.topics().audience(CASE))
                .isEqualTo(new Audience.Only(Set.of(new UserId("ana"), new UserId("bia"))));
        assertThat(server.send("feeder", "PUT", "/api/investigations/inv-7", "{\"audience\":null}").status()).isEqualTo(204);
        assertThat(server.store.topics().audience(CASE)).isEqualTo(new Audience.Everybody());
    }

    @Test
    void what_cannot_be_published_is_told_why() {
        String large = "{\"text\":\"" + "x".repeat(Publication.MAX_BYTES) + "\"}";
        assertThat(server.send("feeder", "POST", "/api/investigations/inv-7/anomalies", large).status()).isEqualTo(413);
        assertThat(server.send("feeder", "POST", "/api/investigations/inv-7/updates",
                "{\"update_type\":\"p\",\"data\":" + large + "}").status()).isEqualTo(413);
        for (String bad : List.of("{}", "{\"update_type\":\"a b\"}", "{\"update_type\":\"\"}", "{\"update_type\":7}",
                "{\"update_type\":\"p\",\"data\":[]}", "{\"update_type\":\"" + "x".repeat(65) + "\"}", "nonsense", "[]")) {
            assertThat(server.send("feeder", "POST", "/api/investigations/inv-7/updates", bad).status()).as(bad).isEqualTo(400);
        }
        for (String bad : List.of("{}", "{\"audience\":\"ana\"}", "{\"audience\":[7]}", "{\"audience\":[\"\"]}")) {
            assertThat(server.send("feeder", "PUT", "/api/investigations/inv-7", bad).status()).as(bad).isEqualTo(400);
        }
        String many = "\"u1\"" + java.util.stream.IntStream.rangeClosed(2, 1001)
                .mapToObj(number -> ",\"u" + number + "\"")
                .collect(java.util.stream.Collectors.joining());
        assertThat(server.send("feeder", "PUT", "/api/investigations/inv-7", "{\"audience\":[" + many + "]}").status())
                .isEqualTo(400);
        assertThat(server.send("feeder", "POST", "/api/investigations/a%20b/updates", "{\"update_type\":\"p\"}").status())
                .isEqualTo(400);
        assertThat(published(CASE)).isEmpty();
    }
}
