package dev.parley.adapter.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.adapter.rest.Server.Answer;
import dev.parley.application.Caller;
import dev.parley.application.Link;
import dev.parley.application.command.Outcome;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.session.ClientInfo;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client of the chat module does over plain HTTP, with its own names for things. */
class ChatModuleTest extends ChatModule {

    @Nested
    class Messages {

        @Test
        void a_message_has_the_names_of_both_models_and_is_what_the_description_says() {
            String parent = say("ana", "A question");
            Answer sent = server.send("bruno", "POST", "/api/chat/messages", """
                    {"sessionId":"%s","userId":"ana","content":"An answer","parentMessageId":"%s","clientId":"c1",
                     "metadata":{"mood":"good"},
                     "attachments":[{"fileName":"d.pdf","fileUrl":"https://x.example/d.pdf","mimeType":"application/pdf","fileSize":12345}]}
                    """.formatted(session, parent));
            assertThat(sent.status()).as(sent.body()).isEqualTo(201);
            JsonObject message = sent.json();
            assertThat(message.requiredText("id")).isEqualTo(message.requiredText("message_id"));
            assertThat(message.requiredText("sessionId")).isEqualTo(session);
            assertThat(message.requiredText("parentMessageId")).isEqualTo(parent);
            assertThat(message.requiredText("role")).isEqualTo("user");
            assertThat(message.truth("isEdited")).contains(false);
            assertThat(message.truth("isDeleted")).contains(false);
            assertThat(message.requiredText("updatedAt")).isEqualTo(message.requiredText("createdAt"));
            assertThat(message.requiredText("client_id")).isEqualTo("c1");
            JsonObject file = (JsonObject) message.items("attachments").orElseThrow().getFirst();
            assertThat(file.requiredText("fileUrl")).isEqualTo("https://x.example/d.pdf");
            assertThat(DESCRIBED.faults("Message", message)).isEmpty();

            assertThat(message.requiredText("userId")).as("whatever the body claims").isEqualTo("bruno");
        }

        @Test
        void a_message_is_edited_by_its_author_alone_and_tells_so() {
            String id = say("ana", "Helo");
            Answer edited = server.send("ana", "PUT", "/api/chat/messages/" + id, "{\"content\":\"Hello\"}");
            assertThat(edited.status()).as(edited.body()).isEqualTo(200);
            assertThat(edited.text("content")).isEqualTo("Hello");
            assertThat(edited.json().truth("isEdited")).contains(true);
            assertThat(edited.text("updatedAt")).isEqualTo(edited.text("editedAt"));
            assertThat(DESCRIBED.faults("Message", edited.json())).isEmpty();

            String path = "/api/chat/messages/" + id;
            assertThat(server.send("bruno", "PUT", path, "{\"content\":\"Forged\"}").status()).isEqualTo(403);
            assertThat(server.send("root", "PUT", path, "{\"content\":\"Forged\"}").status()).isEqualTo(403);
            assertThat(server.send("carla", "PUT", path, "{\"content\":\"Forged\"}").status()).isEqualTo(404);
            assertThat(server.send("ana", "PUT", path, "{}").status()).isEqualTo(400);
            assertThat(server.send("ana", "PUT", path, "{\"content\":\"  \"}").status()).isEqualTo(400);
            assertThat(server.send("ana", "PUT", "/api/chat/messages/none", "{\"content\":\"x\"}").status()).isEqualTo(404);
            assertThat(server.get("ana", path).text("content")).isEqualTo("Hello");
        }

        @Test
        void what_a_message_said_before_is_for_members_alone() {
            String id = say("ana", "First");
            server.send("ana", "PUT", "/api/chat/messages/" + id, "{\"content\":\"Second\"}");
            String path = "/api/chat/messages/" + id + "/history";
            assertThat(server.get("bruno", path).body()).contains("\"content\":\"First\"").doesNotContain("Second");
            assertThat(server.get("carla", path).status()).isEqualTo(404);
            assertThat(server.get("feeder", path).status()).isEqualTo(404);
        }

        @Test
        void what_is_deleted_keeps_its_place_and_nothing_else() {
            String first = say("ana", "One");
            say("ana", "Two");
            server.send("bruno", "POST", "/api/chat/messages/" + first + "/reactions", "{\"emoji\":\"👍\"}");
            server.send("ana", "PUT", "/api/chat/messages/" + first, "{\"content\":\"Uno\"}");
            assertThat(server.delete("bruno", "/api/chat/messages/" + first).status()).isEqualTo(403);
            assertThat(server.delete("ana", "/api/chat/messages/" + first).status()).isEqualTo(204);

            Answer gone = server.get("bruno", "/api/chat/messages/" + first);
            assertThat(gone.json().truth("isDeleted")).contains(true);
            assertThat(gone.text("updatedAt")).isEqualTo(gone.text("deletedAt"));
            assertThat(gone.text("content")).isEmpty();
            assertThat(DESCRIBED.faults("Message", gone.json())).isEmpty();
            Answer history = server.get("bruno", "/api/chat/sessions/" + session + "/messages");
            assertThat(history.json().whole("total")).hasValue(2);
            assertThat(server.get("bruno", "/api/chat/messages/" + first + "/history").body())
                    .doesNotContain("One", "Uno");
            assertThat(server.get("bruno", "/api/chat/messages/" + first + "/reactions").json().whole("total")).hasValue(0);
            String path = "/api/chat/messages/" + first;
            assertThat(server.send("ana", "PUT", path, "{\"content\":\"Back\"}").status()).isEqualTo(410);
            assertThat(server.send("bruno", "POST", path + "/reactions", "{\"emoji\":\"👍\"}").status()).isEqualTo(410);
        }

        @Test
        void only_who_asks_for_a_reply_gets_one() throws InterruptedException {
            int before = server.model.requests();
            say("ana", "To people");
            assertThat(server.model.requests()).isEqualTo(before);
            server.model.answer("To you");
            Answer sent = server.send("ana", "POST", "/api/chat/messages",
                    "{\"sessionId\":\"" + session + "\",\"content\":\"To a model\",\"reply\":true}");
            Answer reply = awaitEnd(sent.text("reply_id"));
            assertThat(reply.text("content")).isEqualTo("To you");
            assertThat(reply.text("agentId")).isEqualTo("default");
            assertThat(reply.json().whole("tokens")).hasValue(5);
            assertThat(DESCRIBED.faults("Message", reply.json())).isEmpty();
            server.model.next();
        }

        @Test
        void a_name_is_given_once_by_header_or_by_body() {
            String body = "{\"sessionId\":\"" + session + "\",\"content\":\"Hi\",\"clientId\":\"k1\"}";
            Answer first = server.send("ana", "POST", "/api/chat/messages", body);
            Answer again = server.send("ana", "POST", "/api/chat/messages", body);
            assertThat(again.status()).isEqualTo(200);
            assertThat(again.text("id")).isEqualTo(first.text("id"));
            Answer other = server.send("ana", "POST", "/api/chat/messages", body.replace("Hi", "Ho"));
            assertThat(other.text("code")).isEqualTo("CONFLICT");
            String longest = "x".repeat(1000);
            assertThat(server.send("ana", "POST", "/api/chat/messages", body.replace("k1", longest)).status())
                    .isEqualTo(400);
        }

        @ParameterizedTest
        @ValueSource(strings = {
            "{}",
            "{\"content\":\"no session\"}",
            "{\"sessionId\":\"a b\",\"content\":\"x\"}",
            "{\"sessionId\":7,\"content\":\"x\"}",
            "{\"sessionId\":\"S\"}",
            "{\"sessionId\":\"S\",\"content\":\"\"}",
            "{\"sessionId\":\"S\",\"content\":{}}",
            "{\"sessionId\":\"S\",\"content\":\"x\",\"parentMessageId\":\"/\"}",
            "{\"sessionId\":\"S\",\"content\":\"x\",\"attachments\":[7]}",
            "[]",
            "nonsense"
        })
        void what_is_no_message_is_said_to_be_none(String body) {
            Answer answer = server.send("ana", "POST", "/api/chat/messages", body.replace("\"S\"", "\"" + session + "\""));
            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(answer.text("code")).isEqualTo("BAD_REQUEST");
            assertThat(DESCRIBED.faults("Problem", answer.json())).isEmpty();
        }

        @Test
        void a_parent_that_is_elsewhere_is_none() {
            String body = "{\"sessionId\":\"" + session + "\",\"content\":\"x\",\"parentMessageId\":\"elsewhere\"}";
            assertThat(server.send("ana", "POST", "/api/chat/messages", body).status()).isEqualTo(404);
        }
    }

    @Nested
    class Words {

        @Test
        void what_offends_is_masked_in_messages_of_the_module_and_nowhere_else() {
            String said = say("ana", "Oh shit, Scunthorpe");
            assertThat(server.get("bruno", "/api/chat/messages/" + said).text("content")).isEqualTo("Oh ****, Scunthorpe");
            assertThat(server.send("ana", "PUT", "/api/chat/messages/" + said, "{\"content\":\"sh1t\"}").text("content"))
                    .isEqualTo("****");
            assertThat(server.get("bruno", "/api/chat/sessions/" + session + "/search?query=shit").json().whole("total"))
                    .hasValue(0);

            server.send("ana", "POST", "/api/chat/sessions/" + session + "/frames",
                    "{\"type\":\"message\",\"content\":\"As she said: shit\",\"reply\":false}");
            assertThat(contents(server.get("bruno", "/api/chat/sessions/" + session + "/messages?limit=1")))
                    .containsExactly("As she said: shit");
        }

        @Test
        void a_reaction_that_offends_is_refused_with_its_code() {
            Answer refused = server.send(
                    "ana", "POST", "/api/chat/messages/" + say("ana", "Hm") + "/reactions", "{\"emoji\":\"shit\"}");
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.text("code")).isEqualTo("CONTENT_REJECTED");
            assertThat(refused.body()).doesNotContain("shit");
            assertThat(DESCRIBED.faults("Problem", refused.json())).isEmpty();
        }
    }

    @Nested
    class Threads {

        @Test
        void a_thread_is_all_that_descends_from_a_message_in_order() {
            String root = say("ana", "Root");
            String child = say("bruno", "Child", root);
            say("ana", "Beside");
            String grandchild = say("ana", "Grandchild", child);
            String second = say("bruno", "Second", root);

            Answer thread = server.get("bruno", "/api/chat/messages/" + root + "/thread");
            assertThat(ids(thread)).containsExactly(child, grandchild, second);
            assertThat(thread.json().whole("total")).hasValue(3);
            assertThat(DESCRIBED.faults("Found", thread.json())).isEmpty();
            assertThat(ids(server.get("bruno", "/api/chat/messages/" + root + "/thread?limit=1&offset=1")))
                    .containsExactly(grandchild);
            assertThat(ids(server.get("bruno", "/api/chat/messages/" + grandchild + "/thread"))).isEmpty();

            String history = "/api/chat/sessions/" + session + "/messages";
            Answer replies = server.get("ana", history + "?parentMessageId=" + root + "&limit=2&offset=0");
            assertThat(ids(replies)).containsExactly(child, grandchild);
            assertThat(replies.json().whole("total")).hasValue(3);
            assertThat(DESCRIBED.faults("MessageList", replies.json())).isEmpty();
            assertThat(server.get("carla", "/api/chat/messages/" + root + "/thread").status()).isEqualTo(404);
            assertThat(server.get("ana", history + "?parentMessageId=none").status()).isEqualTo(404);
        }

        @Test
        void history_counts_from_the_oldest_where_an_offset_is_given() {
            for (int i = 0; i < 5; i++) {
                say("ana", "m" + i);
            }
            Answer part = server.get("bruno", "/api/chat/sessions/" + session + "/messages?limit=2&offset=1");
            assertThat(contents(part)).containsExactly("m1", "m2");
            assertThat(part.json().whole("total")).hasValue(5);
            assertThat(part.json().whole("next")).hasValue(3);
            for (String wrong : List.of("limit=0", "limit=x", "offset=-1", "limit=-5", "offset=99999999999")) {
                assertThat(server.get("bruno", "/api/chat/sessions/" + session + "/messages?" + wrong).status())
                        .as(wrong)
                        .isEqualTo(400);
            }
            assertThat(server.get("carla", "/api/chat/sessions/" + session + "/messages").status()).isEqualTo(403);
        }
    }

    @Nested
    class Reactions {

        @Test
        void a_reaction_comes_and_goes_with_who_gave_it() {
            String path = "/api/chat/messages/" + say("ana", "Nice?") + "/reactions";
            Answer added = server.send("bruno", "POST", path, "{\"emoji\":\"👍\"}");
            assertThat(added.status()).as(added.body()).isEqualTo(200);
            assertThat(added.json().truth("added")).contains(true);
            assertThat(added.text("userId")).isEqualTo("bruno");
            assertThat(DESCRIBED.faults("Toggled", added.json())).isEmpty();
            server.send("ana", "POST", path, "{\"emoji\":\"👍\"}");
            server.send("ana", "POST", path, "{\"emoji\":\"🎉\"}");

            Answer all = server.get("bruno", path);
            assertThat(all.body())
                    .contains("{\"emoji\":\"👍\",\"count\":2,\"users\":[\"bruno\",\"ana\"]}")
                    .contains("{\"emoji\":\"🎉\",\"count\":1,\"users\":[\"ana\"]}");
            assertThat(all.json().whole("total")).hasValue(3);
            assertThat(DESCRIBED.faults("Reactions", all.json())).isEmpty();

            Answer back = server.send("bruno", "POST", path, "{\"emoji\":\"👍\"}");
            assertThat(back.json().truth("added")).contains(false);
            assertThat(server.get("bruno", path).json().whole("total")).hasValue(2);
        }

        @Test
        void what_is_no_reaction_or_nobodys_business_is_refused() {
            String path = "/api/chat/messages/" + say("ana", "Nice?") + "/reactions";
            for (String body : List.of("{}", "{\"emoji\":\"\"}", "{\"emoji\":\" \"}", "{\"emoji\":7}",
                    "{\"emoji\":\"" + "👍".repeat(17) + "\"}", "{\"emoji\":\"a\\tb\"}")) {
                assertThat(server.send("ana", "POST", path, body).status()).as(body).isEqualTo(400);
            }
            assertThat(server.send("carla", "POST", path, "{\"emoji\":\"👍\"}").status()).isEqualTo(404);
            assertThat(server.get("carla", path).status()).isEqualTo(404);
            assertThat(server.send("feeder", "POST", path, "{\"emoji\":\"👍\"}").status()).isEqualTo(404);
            assertThat(server.get("ana", "/api/chat/messages/none/reactions").status()).isEqualTo(404);
        }
    }

    @Nested
    class Searches {

        @Test
        void words_are_found_whatever_their_case_and_accents() {
            say("ana", "Reunião amanhã às dez");
            say("bruno", "Sobre a REUNIAO de hoje");
            String deleted = say("ana", "reunião nenhuma");
            server.delete("ana", "/api/chat/messages/" + deleted);

            String path = "/api/chat/sessions/" + session + "/search?query=";
            Answer found = server.get("bruno", path + "reuni%C3%A3o");
            assertThat(contents(found)).containsExactly("Sobre a REUNIAO de hoje", "Reunião amanhã às dez");
            assertThat(found.json().whole("total")).hasValue(2);
            assertThat(DESCRIBED.faults("Found", found.json())).isEmpty();
            assertThat(contents(server.get("bruno", path + "reuniao%20aman"))).containsExactly("Reunião amanhã às dez");
            assertThat(contents(server.get("bruno", path + "reuniao&limit=1&offset=1"))).containsExactly("Reunião amanhã às dez");
            assertThat(contents(server.get("bruno", path + "%22%20OR%20*%20%27--"))).isEmpty();
            assertThat(server.get("bruno", path).json().whole("total")).hasValue(0);
            assertThat(server.get("carla", path + "hoje").status()).isEqualTo(403);
            assertThat(server.get("ana", "/api/chat/sessions/none/search?query=x").status()).isEqualTo(404);
        }
    }

    @Nested
    class PresenceThere {

        @Test
        void who_is_there_is_told_to_who_may_be() {
            String path = "/api/chat/sessions/" + session + "/presence";
            assertThat(server.get("ana", path).json().whole("total")).hasValue(0);
            Caller bruno = new Caller(Principal.trusted(new UserId("bruno")), ClientInfo.UNKNOWN, "test");
            try (Link link = server.engine.connect(bruno, event -> {})) {
                assertThat(link.follow(new SessionId(session), new Link.From.Now())).isInstanceOf(Outcome.Done.class);
                Answer there = server.get("ana", path);
                JsonObject one = (JsonObject) there.json().items("present").orElseThrow().getFirst();
                assertThat(one.requiredText("userId")).isEqualTo("bruno");
                assertThat(one.requiredText("status")).isEqualTo("online");
                assertThat(DESCRIBED.faults("Present", there.json())).isEmpty();
            }
            assertThat(server.get("carla", path).status()).isEqualTo(403);
        }
    }
}
