package dev.parley.adapter.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.adapter.rest.Server.Answer;
import dev.parley.domain.message.MessageId;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConversationsTest {

    private final Server server = new Server();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_session_is_made_read_changed_and_closed() {
        Answer made = server.send("ana", "POST", "/api/chat/sessions",
                "{\"session_id\":\"test-session\",\"title\":\"Hi\",\"settings\":{\"stream_responses\":false}}");
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        assertThat(made.header("Location")).isEqualTo("/api/chat/sessions/test-session");
        assertThat(made.text("visibility")).isEqualTo("private");
        assertThat(made.json().object("metadata")).isPresent();
        assertThat(server.send("ana", "POST", "/api/chat/sessions", "{\"session_id\":\"test-session\"}").status()).isEqualTo(409);

        Answer changed = server.send("ana", "PATCH", "/api/chat/sessions/test-session",
                "{\"title\":\"Ho\",\"visibility\":\"shared\",\"settings\":{\"language\":\"pt-BR\"}}");
        assertThat(changed.text("title")).isEqualTo("Ho");
        assertThat(changed.body()).contains("\"settings\":{\"language\":\"pt-BR\",\"stream_responses\":false}");
        assertThat(server.get("ana", "/api/chat/sessions").json().whole("total")).hasValue(1);

        assertThat(server.delete("ana", "/api/chat/sessions/test-session").status()).isEqualTo(204);
        assertThat(server.get("ana", "/api/chat/sessions/test-session").text("status")).isEqualTo("closed");
        assertThat(server.delete("ana", "/api/chat/sessions/test-session?purge=true").status()).isEqualTo(204);
        assertThat(server.get("ana", "/api/chat/sessions/test-session").status()).isEqualTo(404);
    }

    @Test
    void members_come_and_go() {
        server.send("ana", "POST", "/api/chat/sessions", "{\"session_id\":\"s\"}");
        assertThat(server.get("bruno", "/api/chat/sessions/s").status()).isEqualTo(403);

        Answer added = server.send(server.request("ana", "/api/chat/sessions/s/members/bruno")
                .PUT(java.net.http.HttpRequest.BodyPublishers.noBody()));
        assertThat(added.status()).as(added.body()).isEqualTo(200);
        assertThat(server.get("bruno", "/api/chat/sessions/s").json().object("metadata")).isEmpty();
        assertThat(server.send(server.request("ana", "/api/chat/sessions/s/members/carla")
                .PUT(java.net.http.HttpRequest.BodyPublishers.noBody())).text("code")).isEqualTo("ROOM_FULL");

        assertThat(server.delete("ana", "/api/chat/sessions/s/members/bruno").status()).isEqualTo(204);
        assertThat(server.get("bruno", "/api/chat/sessions/s").status()).isEqualTo(403);
        assertThat(server.get("ana", "/api/chat/sessions/s/presence").body()).isEqualTo("{\"present\":[],\"total\":0}");
    }

    @Test
    void a_message_is_sent_once_whatever_the_network_does() {
        server.send("ana", "POST", "/api/chat/sessions", "{\"session_id\":\"s\"}");
        Answer first = say("key-1", "{\"session_id\":\"s\",\"content\":\"Olá 😀\",\"metadata\":{\"a\":1}}");
        Answer again = say("key-1", "{\"session_id\":\"s\",\"content\":\"Olá 😀\"}");
        Answer other = say("key-1", "{\"session_id\":\"s\",\"content\":\"Tchau\"}");

        assertThat(first.status()).as(first.body()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text("message_id")).isEqualTo(first.text("message_id"));
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.text("code")).isEqualTo("CONFLICT");
        assertThat(server.model.requests()).isZero();
    }

    @Test
    void messages_are_edited_threaded_searched_and_deleted() {
        server.send("ana", "POST", "/api/chat/sessions", "{\"session_id\":\"s\"}");
        String root = say("1", "{\"session_id\":\"s\",\"content\":\"A question of colour\"}").text("message_id");
        String child =
                say("2", "{\"session_id\":\"s\",\"content\":\"An answer\",\"parent_id\":\"" + root + "\"}").text("message_id");

        assertThat(server.send("ana", "PATCH", "/api/chat/messages/" + root, "{\"content\":\"A question of taste\"}")
                .text("content")).isEqualTo("A question of taste");
        assertThat(server.get("ana", "/api/chat/messages/" + root + "/history").body()).contains("A question of colour");
        assertThat(server.get("ana", "/api/chat/messages/" + root + "/thread").body()).contains(child);
        assertThat(server.get("ana", "/api/chat/sessions/s/messages?parent_id=" + root).json().whole("total")).hasValue(1);
        assertThat(server.get("ana", "/api/chat/sessions/s/search?q=tas").json().whole("total")).hasValue(1);
        assertThat(server.get("ana", "/api/chat/sessions/s/messages/search?q=answ").body()).contains(child);
        assertThat(server.get("bruno", "/api/chat/messages/" + root).status()).isEqualTo(404);

        assertThat(server.delete("ana", "/api/chat/messages/" + root).status()).isEqualTo(204);
        assertThat(server.get("ana", "/api/chat/messages/" + root).json().truth("deleted")).contains(true);
        assertThat(server.store.messages().find(new MessageId(root)).orElseThrow().content()).isEmpty();
    }

    @Test
    void history_pages_lead_on() {
        server.send("ana", "POST", "/api/chat/sessions", "{\"session_id\":\"s\"}");
        for (int i = 0; i < 5; i++) {
            say("k" + i, "{\"session_id\":\"s\",\"content\":\"m" + i + "\"}");
        }
        Answer newest = server.get("ana", "/api/chat/sessions/s/messages?limit=2");
        assertThat(contents(newest)).isEqualTo("m3 m4");
        Answer before = server.get("ana", "/api/chat/sessions/s/messages?limit=2&before=" + newest.text("next"));
        assertThat(contents(before)).isEqualTo("m1 m2");
        Answer fromOldest = server.get("ana", "/api/chat/sessions/s/messages?limit=3&offset=3");
        assertThat(contents(fromOldest)).isEqualTo("m3 m4");
        assertThat(fromOldest.json().has("next")).isFalse();
    }

    @Test
    void exports_carry_everything_and_run_nothing() {
        server.send("ana", "POST", "/api/chat/sessions", "{\"session_id\":\"s:1\",\"title\":\"<b>Title</b>\"}");
        say("1", "{\"session_id\":\"s:1\",\"content\":\"=cmd|' /C calc'!A0\"}");
        say("2", "{\"session_id\":\"s:1\",\"content\":\"<script>alert(1)</script> \\\"q\\\"\"}");

        Answer json = export("{\"session_id\":\"s:1\"}");
        assertThat(json.header("Content-Disposition")).isEqualTo("attachment; filename=\"parley-s-1.json\"");
        assertThat(json.json().items("sessions").orElseThrow()).hasSize(1);
        Answer csv = export("{\"session_id\":\"s:1\",\"format\":\"csv\"}");
        assertThat(csv.body()).contains("\"'=cmd|' /C calc'!A0\"").contains("\"<script>alert(1)</script> \"\"q\"\"\"");
        Answer html = export("{\"format\":\"html\"}");
        assertThat(html.body()).contains("&lt;script&gt;").contains("&lt;b&gt;Title").doesNotContain("<script");
        assertThat(export("{\"format\":\"markdown\"}").body()).contains("# \\<b\\>Title");
        assertThat(export("{\"format\":\"exe\"}").status()).isEqualTo(400);
        assertThat(server.send("bruno", "POST", "/api/chat/export", "{\"session_id\":\"s:1\"}").status()).isEqualTo(403);
        assertThat(server.send("bruno", "POST", "/api/chat/export", "{}").json().items("sessions").orElseThrow()).isEmpty();
    }

    @Test
    void a_fork_goes_on_from_an_older_message() {
        server.send("ana", "POST", "/api/chat/sessions", "{\"session_id\":\"s\"}");
        String one = say("1", "{\"session_id\":\"s\",\"content\":\"one\"}").text("message_id");
        say("2", "{\"session_id\":\"s\",\"content\":\"two\"}");

        Answer fork = server.send("ana", "POST", "/api/chat/sessions", "{\"fork_of\":\"s\",\"until\":\"" + one + "\"}");

        assertThat(fork.status()).as(fork.body()).isEqualTo(201);
        assertThat(contents(server.get("ana", "/api/chat/sessions/" + fork.text("session_id") + "/messages"))).isEqualTo("one");
    }

    @Test
    void what_can_be_asked_is_listed() {
        assertThat(server.get("ana", "/api/chat/models").body()).contains("\"name\":\"llama3.2\"").contains("\"demo\":false");
        assertThat(server.get("ana", "/api/chat/agents").text("default")).isEqualTo("default");
        assertThat(server.get("ana", "/api/chat/quota").json().whole("limit")).hasValue(30);
    }

    @Test
    void administration_is_for_administrators() {
        assertThat(server.send("ana", "POST", "/api/admin/announcements", "{\"message\":\"Hi\"}").status()).isEqualTo(403);
        assertThat(server.send("root", "POST", "/api/admin/announcements", "{\"message\":\"Hi\",\"level\":\"warning\"}").status())
                .isEqualTo(204);
        assertThat(server.send("root", "POST", "/api/admin/revocations", "{}").status()).isEqualTo(400);
        assertThat(server.get("root", "/api/admin/stats").json().whole("connections_total")).hasValue(0);
        assertThat(server.get("ana", "/api/chat/quota").status()).isEqualTo(200);
        assertThat(server.send("root", "POST", "/api/admin/revocations", "{\"user_id\":\"ana\"}").status()).isEqualTo(204);
        assertThat(server.get("ana", "/api/chat/quota").status()).isEqualTo(401);
    }

    private Answer say(String key, String body) {
        return server.send(server.request("ana", "/api/chat/messages")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body)));
    }

    private Answer export(String body) {
        return server.send("ana", "POST", "/api/chat/export", body);
    }

    private static String contents(Answer answer) {
        return answer.json()
                .items("messages")
                .orElseThrow()
                .stream()
                .map(message -> ((dev.parley.protocols.json.JsonObject) message).requiredText("content"))
                .reduce((a, b) -> a + " " + b)
                .orElse("");
    }

    @Test
    void words_are_found_wherever_one_may_read_and_nowhere_else() {
        for (String session : List.of("one", "two")) {
            server.send("ana", "POST", "/api/chat/sessions", "{\"session_id\":\"" + session + "\"}");
            server.send("ana", "POST", "/api/chat/messages",
                    "{\"session_id\":\"" + session + "\",\"content\":\"Nougat in " + session + "\"}");
        }
        server.send("bruno", "POST", "/api/chat/sessions", "{\"session_id\":\"three\"}");
        server.send("bruno", "POST", "/api/chat/messages", "{\"session_id\":\"three\",\"content\":\"Nougat in three\"}");
        String found = server.get("ana", "/api/chat/search?q=NOUG").body();
        assertThat(found).contains("\"total\":2").contains("Nougat in one").contains("Nougat in two").doesNotContain("three");
        assertThat(found.indexOf("in two")).as("newest first").isLessThan(found.indexOf("in one"));
        assertThat(server.get("ana", "/api/chat/search?q=nougat&limit=1&offset=1").body())
                .contains("\"total\":2")
                .contains("in one")
                .doesNotContain("in two");
        assertThat(server.get("ana", "/api/chat/search").body()).contains("\"total\":0");
        assertThat(server.get("", "/api/chat/search?q=nougat").status()).isEqualTo(401);
    }
}
