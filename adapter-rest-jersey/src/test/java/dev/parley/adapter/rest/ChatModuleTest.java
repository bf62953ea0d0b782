package dev.parley.adapter.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.parley.adapter.rest.Server.Answer;
import dev.parley.application.Caller;
import dev.parley.application.EngineSettings;
import dev.parley.application.Link;
import dev.parley.application.command.Outcome;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.error.LlmException;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.ClientInfo;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.admission.Authenticator;
import dev.parley.protocols.admission.OriginPolicy;
import dev.parley.protocols.connection.ConnectionSettings;
import dev.parley.protocols.json.JsonObject;
import dev.parley.testkit.llm.ModelStep;
import dev.parley.testkit.llm.ScriptedExchange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client of the chat module does over plain HTTP, with its own names for things. */
class ChatModuleTest {

    private static final Server SERVER = new Server(
            HostileRequestsTest.withQuotas(EngineSettings.DEFAULT, Optional.empty(), Optional.empty()),
            Authenticator.Mode.REQUIRED,
            new OriginPolicy(List.of()),
            ConnectionSettings.STANDARD);
    private static final Described DESCRIBED = new Described();

    private String session = "";

    @BeforeEach
    void open() {
        session = UUID.randomUUID().toString();
        SERVER.send("ana", "POST", "/api/chat/sessions",
                "{\"session_id\":\"" + session + "\",\"visibility\":\"group\",\"members\":[\"bruno\"]}");
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Nested
    class Messages {

        @Test
        void a_message_has_the_names_of_both_models_and_is_what_the_description_says() {
            String parent = say("ana", "A question");
            Answer sent = SERVER.send("bruno", "POST", "/api/chat/messages", """
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
            Answer edited = SERVER.send("ana", "PUT", "/api/chat/messages/" + id, "{\"content\":\"Hello\"}");
            assertThat(edited.status()).as(edited.body()).isEqualTo(200);
            assertThat(edited.text("content")).isEqualTo("Hello");
            assertThat(edited.json().truth("isEdited")).contains(true);
            assertThat(edited.text("updatedAt")).isEqualTo(edited.text("editedAt"));
            assertThat(DESCRIBED.faults("Message", edited.json())).isEmpty();

            String path = "/api/chat/messages/" + id;
            assertThat(SERVER.send("bruno", "PUT", path, "{\"content\":\"Forged\"}").status()).isEqualTo(403);
            assertThat(SERVER.send("root", "PUT", path, "{\"content\":\"Forged\"}").status()).isEqualTo(403);
            assertThat(SERVER.send("carla", "PUT", path, "{\"content\":\"Forged\"}").status()).isEqualTo(404);
            assertThat(SERVER.send("ana", "PUT", path, "{}").status()).isEqualTo(400);
            assertThat(SERVER.send("ana", "PUT", path, "{\"content\":\"  \"}").status()).isEqualTo(400);
            assertThat(SERVER.send("ana", "PUT", "/api/chat/messages/none", "{\"content\":\"x\"}").status()).isEqualTo(404);
            assertThat(SERVER.get("ana", path).text("content")).isEqualTo("Hello");
        }

        @Test
        void what_a_message_said_before_is_for_members_alone() {
            String id = say("ana", "First");
            SERVER.send("ana", "PUT", "/api/chat/messages/" + id, "{\"content\":\"Second\"}");
            String path = "/api/chat/messages/" + id + "/history";
            assertThat(SERVER.get("bruno", path).body()).contains("\"content\":\"First\"").doesNotContain("Second");
            assertThat(SERVER.get("carla", path).status()).isEqualTo(404);
            assertThat(SERVER.get("feeder", path).status()).isEqualTo(404);
        }

        @Test
        void what_is_deleted_keeps_its_place_and_nothing_else() {
            String first = say("ana", "One");
            say("ana", "Two");
            SERVER.send("bruno", "POST", "/api/chat/messages/" + first + "/reactions", "{\"emoji\":\"👍\"}");
            SERVER.send("ana", "PUT", "/api/chat/messages/" + first, "{\"content\":\"Uno\"}");
            assertThat(SERVER.delete("bruno", "/api/chat/messages/" + first).status()).isEqualTo(403);
            assertThat(SERVER.delete("ana", "/api/chat/messages/" + first).status()).isEqualTo(204);

            Answer gone = SERVER.get("bruno", "/api/chat/messages/" + first);
            assertThat(gone.json().truth("isDeleted")).contains(true);
            assertThat(gone.text("updatedAt")).isEqualTo(gone.text("deletedAt"));
            assertThat(gone.text("content")).isEmpty();
            assertThat(DESCRIBED.faults("Message", gone.json())).isEmpty();
            Answer history = SERVER.get("bruno", "/api/chat/sessions/" + session + "/messages");
            assertThat(history.json().whole("total")).hasValue(2);
            assertThat(SERVER.get("bruno", "/api/chat/messages/" + first + "/history").body())
                    .doesNotContain("One", "Uno");
            assertThat(SERVER.get("bruno", "/api/chat/messages/" + first + "/reactions").json().whole("total")).hasValue(0);
            String path = "/api/chat/messages/" + first;
            assertThat(SERVER.send("ana", "PUT", path, "{\"content\":\"Back\"}").status()).isEqualTo(410);
            assertThat(SERVER.send("bruno", "POST", path + "/reactions", "{\"emoji\":\"👍\"}").status()).isEqualTo(410);
        }

        @Test
        void only_who_asks_for_a_reply_gets_one() throws InterruptedException {
            int before = SERVER.model.requests();
            say("ana", "To people");
            assertThat(SERVER.model.requests()).isEqualTo(before);
            SERVER.model.answer("To you");
            Answer sent = SERVER.send("ana", "POST", "/api/chat/messages",
                    "{\"sessionId\":\"" + session + "\",\"content\":\"To a model\",\"reply\":true}");
            Answer reply = awaitEnd(sent.text("reply_id"));
            assertThat(reply.text("content")).isEqualTo("To you");
            assertThat(reply.text("agentId")).isEqualTo("default");
            assertThat(reply.json().whole("tokens")).hasValue(5);
            assertThat(DESCRIBED.faults("Message", reply.json())).isEmpty();
            SERVER.model.next();
        }

        @Test
        void a_name_is_given_once_by_header_or_by_body() {
            String body = "{\"sessionId\":\"" + session + "\",\"content\":\"Hi\",\"clientId\":\"k1\"}";
            Answer first = SERVER.send("ana", "POST", "/api/chat/messages", body);
            Answer again = SERVER.send("ana", "POST", "/api/chat/messages", body);
            assertThat(again.status()).isEqualTo(200);
            assertThat(again.text("id")).isEqualTo(first.text("id"));
            Answer other = SERVER.send("ana", "POST", "/api/chat/messages", body.replace("Hi", "Ho"));
            assertThat(other.text("code")).isEqualTo("CONFLICT");
            String longest = "x".repeat(1000);
            assertThat(SERVER.send("ana", "POST", "/api/chat/messages", body.replace("k1", longest)).status())
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
            Answer answer = SERVER.send("ana", "POST", "/api/chat/messages", body.replace("\"S\"", "\"" + session + "\""));
            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(answer.text("code")).isEqualTo("BAD_REQUEST");
            assertThat(DESCRIBED.faults("Problem", answer.json())).isEmpty();
        }

        @Test
        void a_parent_that_is_elsewhere_is_none() {
            String body = "{\"sessionId\":\"" + session + "\",\"content\":\"x\",\"parentMessageId\":\"elsewhere\"}";
            assertThat(SERVER.send("ana", "POST", "/api/chat/messages", body).status()).isEqualTo(404);
        }
    }

    @Nested
    class Words {

        @Test
        void what_offends_is_masked_in_messages_of_the_module_and_nowhere_else() {
            String said = say("ana", "Oh shit, Scunthorpe");
            assertThat(SERVER.get("bruno", "/api/chat/messages/" + said).text("content")).isEqualTo("Oh ****, Scunthorpe");
            assertThat(SERVER.send("ana", "PUT", "/api/chat/messages/" + said, "{\"content\":\"sh1t\"}").text("content"))
                    .isEqualTo("****");
            assertThat(SERVER.get("bruno", "/api/chat/sessions/" + session + "/search?query=shit").json().whole("total"))
                    .hasValue(0);

            SERVER.send("ana", "POST", "/api/chat/sessions/" + session + "/frames",
                    "{\"type\":\"message\",\"content\":\"As she said: shit\",\"reply\":false}");
            assertThat(contents(SERVER.get("bruno", "/api/chat/sessions/" + session + "/messages?limit=1")))
                    .containsExactly("As she said: shit");
        }

        @Test
        void a_reaction_that_offends_is_refused_with_its_code() {
            Answer refused = SERVER.send(
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

            Answer thread = SERVER.get("bruno", "/api/chat/messages/" + root + "/thread");
            assertThat(ids(thread)).containsExactly(child, grandchild, second);
            assertThat(thread.json().whole("total")).hasValue(3);
            assertThat(DESCRIBED.faults("Found", thread.json())).isEmpty();
            assertThat(ids(SERVER.get("bruno", "/api/chat/messages/" + root + "/thread?limit=1&offset=1")))
                    .containsExactly(grandchild);
            assertThat(ids(SERVER.get("bruno", "/api/chat/messages/" + grandchild + "/thread"))).isEmpty();

            String history = "/api/chat/sessions/" + session + "/messages";
            Answer replies = SERVER.get("ana", history + "?parentMessageId=" + root + "&limit=2&offset=0");
            assertThat(ids(replies)).containsExactly(child, grandchild);
            assertThat(replies.json().whole("total")).hasValue(3);
            assertThat(DESCRIBED.faults("MessageList", replies.json())).isEmpty();
            assertThat(SERVER.get("carla", "/api/chat/messages/" + root + "/thread").status()).isEqualTo(404);
            assertThat(SERVER.get("ana", history + "?parentMessageId=none").status()).isEqualTo(404);
        }

        @Test
        void history_counts_from_the_oldest_where_an_offset_is_given() {
            for (int i = 0; i < 5; i++) {
                say("ana", "m" + i);
            }
            Answer part = SERVER.get("bruno", "/api/chat/sessions/" + session + "/messages?limit=2&offset=1");
            assertThat(contents(part)).containsExactly("m1", "m2");
            assertThat(part.json().whole("total")).hasValue(5);
            assertThat(part.json().whole("next")).hasValue(3);
            for (String wrong : List.of("limit=0", "limit=x", "offset=-1", "limit=-5", "offset=99999999999")) {
                assertThat(SERVER.get("bruno", "/api/chat/sessions/" + session + "/messages?" + wrong).status())
                        .as(wrong)
                        .isEqualTo(400);
            }
            assertThat(SERVER.get("carla", "/api/chat/sessions/" + session + "/messages").status()).isEqualTo(403);
        }
    }

    @Nested
    class Reactions {

        @Test
        void a_reaction_comes_and_goes_with_who_gave_it() {
            String path = "/api/chat/messages/" + say("ana", "Nice?") + "/reactions";
            Answer added = SERVER.send("bruno", "POST", path, "{\"emoji\":\"👍\"}");
            assertThat(added.status()).as(added.body()).isEqualTo(200);
            assertThat(added.json().truth("added")).contains(true);
            assertThat(added.text("userId")).isEqualTo("bruno");
            assertThat(DESCRIBED.faults("Toggled", added.json())).isEmpty();
            SERVER.send("ana", "POST", path, "{\"emoji\":\"👍\"}");
            SERVER.send("ana", "POST", path, "{\"emoji\":\"🎉\"}");

            Answer all = SERVER.get("bruno", path);
            assertThat(all.body())
                    .contains("{\"emoji\":\"👍\",\"count\":2,\"users\":[\"bruno\",\"ana\"]}")
                    .contains("{\"emoji\":\"🎉\",\"count\":1,\"users\":[\"ana\"]}");
            assertThat(all.json().whole("total")).hasValue(3);
            assertThat(DESCRIBED.faults("Reactions", all.json())).isEmpty();

            Answer back = SERVER.send("bruno", "POST", path, "{\"emoji\":\"👍\"}");
            assertThat(back.json().truth("added")).contains(false);
            assertThat(SERVER.get("bruno", path).json().whole("total")).hasValue(2);
        }

        @Test
        void what_is_no_reaction_or_nobodys_business_is_refused() {
            String path = "/api/chat/messages/" + say("ana", "Nice?") + "/reactions";
            for (String body : List.of("{}", "{\"emoji\":\"\"}", "{\"emoji\":\" \"}", "{\"emoji\":7}",
                    "{\"emoji\":\"" + "👍".repeat(17) + "\"}", "{\"emoji\":\"a\\tb\"}")) {
                assertThat(SERVER.send("ana", "POST", path, body).status()).as(body).isEqualTo(400);
            }
            assertThat(SERVER.send("carla", "POST", path, "{\"emoji\":\"👍\"}").status()).isEqualTo(404);
            assertThat(SERVER.get("carla", path).status()).isEqualTo(404);
            assertThat(SERVER.send("feeder", "POST", path, "{\"emoji\":\"👍\"}").status()).isEqualTo(404);
            assertThat(SERVER.get("ana", "/api/chat/messages/none/reactions").status()).isEqualTo(404);
        }
    }

    @Nested
    class Searches {

        @Test
        void words_are_found_whatever_their_case_and_accents() {
            say("ana", "Reunião amanhã às dez");
            say("bruno", "Sobre a REUNIAO de hoje");
            String deleted = say("ana", "reunião nenhuma");
            SERVER.delete("ana", "/api/chat/messages/" + deleted);

            String path = "/api/chat/sessions/" + session + "/search?query=";
            Answer found = SERVER.get("bruno", path + "reuni%C3%A3o");
            assertThat(contents(found)).containsExactly("Sobre a REUNIAO de hoje", "Reunião amanhã às dez");
            assertThat(found.json().whole("total")).hasValue(2);
            assertThat(DESCRIBED.faults("Found", found.json())).isEmpty();
            assertThat(contents(SERVER.get("bruno", path + "reuniao%20aman"))).containsExactly("Reunião amanhã às dez");
            assertThat(contents(SERVER.get("bruno", path + "reuniao&limit=1&offset=1"))).containsExactly("Reunião amanhã às dez");
            assertThat(contents(SERVER.get("bruno", path + "%22%20OR%20*%20%27--"))).isEmpty();
            assertThat(SERVER.get("bruno", path).json().whole("total")).hasValue(0);
            assertThat(SERVER.get("carla", path + "hoje").status()).isEqualTo(403);
            assertThat(SERVER.get("ana", "/api/chat/sessions/none/search?query=x").status()).isEqualTo(404);
        }
    }

    @Nested
    class PresenceThere {

        @Test
        void who_is_there_is_told_to_who_may_be() {
            String path = "/api/chat/sessions/" + session + "/presence";
            assertThat(SERVER.get("ana", path).json().whole("total")).hasValue(0);
            Caller bruno = new Caller(Principal.trusted(new UserId("bruno")), ClientInfo.UNKNOWN, "test");
            try (Link link = SERVER.engine.connect(bruno, event -> {})) {
                assertThat(link.follow(new SessionId(session), new Link.From.Now())).isInstanceOf(Outcome.Done.class);
                Answer there = SERVER.get("ana", path);
                JsonObject one = (JsonObject) there.json().items("present").orElseThrow().getFirst();
                assertThat(one.requiredText("userId")).isEqualTo("bruno");
                assertThat(one.requiredText("status")).isEqualTo("online");
                assertThat(DESCRIBED.faults("Present", there.json())).isEmpty();
            }
            assertThat(SERVER.get("carla", path).status()).isEqualTo(403);
        }
    }

    @Nested
    class Attachments {

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
                    Answer added = SERVER.send("ana", "POST", path,
                            "{\"fileUrl\":\"" + url + "\",\"fileSize\":54321,\"metadata\":{\"width\":1920}}");
                    assertThat(added.status()).as(added.body()).isEqualTo(201);
                    assertThat(added.text("fileUrl")).isEqualTo(url);
                    assertThat(added.text("messageId")).isEqualTo(message);
                    assertThat(added.text("createdAt")).isNotEmpty();
                    assertThat(added.json().whole("fileSize")).hasValue(54321);
                    assertThat(DESCRIBED.faults("Attachment", added.json())).isEmpty();
                    assertThat(SERVER.get("ana", "/api/chat/attachments/" + added.text("id")).status()).isEqualTo(404);
                }
                Answer all = SERVER.get("bruno", path);
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
            Answer two = SERVER.send("ana", "POST", path,
                    "{\"attachments\":[{\"fileUrl\":\"https://x.example/1\"},{\"fileUrl\":\"https://x.example/2\"}]}");
            assertThat(two.status()).isEqualTo(201);
            assertThat(two.json().whole("total")).hasValue(2);
            assertThat(DESCRIBED.faults("AttachmentList", two.json())).isEmpty();
            String nineteen = "{\"fileUrl\":\"https://x.example/3\"},".repeat(18) + "{\"fileUrl\":\"https://x.example/4\"}";
            assertThat(SERVER.send("ana", "POST", path, "{\"attachments\":[" + nineteen + "]}").status()).isEqualTo(400);
            assertThat(SERVER.get("ana", path).json().whole("total")).hasValue(2);
        }

        @Test
        void only_authors_give_files_to_messages_and_only_owners_take_them_away() {
            String message = say("ana", "Look");
            String path = "/api/chat/messages/" + message + "/attachments";
            String link = "{\"fileUrl\":\"https://x.example/1\",\"fileName\":\"a.txt\"}";
            assertThat(SERVER.send("bruno", "POST", path, link).status()).isEqualTo(403);
            assertThat(SERVER.send("carla", "POST", path, link).status()).isEqualTo(404);
            String file = SERVER.send("ana", "POST", path, link).text("id");

            assertThat(SERVER.get("carla", path).status()).isEqualTo(404);
            assertThat(SERVER.delete("bruno", "/api/chat/attachments/" + file).status()).isEqualTo(403);
            assertThat(SERVER.delete("carla", "/api/chat/attachments/" + file).status()).isEqualTo(404);
            assertThat(SERVER.delete("ana", "/api/chat/attachments/" + file).status()).isEqualTo(204);
            assertThat(SERVER.get("bruno", path).json().whole("total")).hasValue(0);
            assertThat(SERVER.delete("ana", "/api/chat/attachments/" + file).status()).isEqualTo(404);
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
            Answer answer = SERVER.send("ana", "POST", "/api/chat/messages/" + say("ana", "Look") + "/attachments", body);
            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        }
    }

    @Nested
    class Streams {

        @Test
        void a_stream_tells_how_far_it_is_while_it_runs_and_once_it_is_over() throws InterruptedException {
            String stream = ask("A story");
            ScriptedExchange exchange = SERVER.model.next();
            exchange.say("Once upon");
            Answer running = SERVER.get("bruno", "/api/chat/streams/" + stream + "/status");
            assertThat(running.status()).as(running.body()).isEqualTo(200);
            assertThat(running.text("streamId")).isEqualTo(stream);
            assertThat(running.text("sessionId")).isEqualTo(session);
            assertThat(running.text("status")).isEqualTo("streaming");
            assertThat(running.json().has("completedAt")).isFalse();
            assertThat(DESCRIBED.faults("StreamStatus", running.json())).isEmpty();
            assertThat(DESCRIBED.faults(
                    "StreamMetrics", SERVER.get("bruno", "/api/chat/streams/" + stream + "/metrics").json())).isEmpty();
            exchange.end();
            awaitEnd(stream);

            Answer over = SERVER.get("bruno", "/api/chat/streams/" + stream + "/status");
            assertThat(over.text("status")).isEqualTo("completed");
            assertThat(over.json().whole("progress")).hasValue(100);
            assertThat(over.json().whole("tokensGenerated")).hasValue(5);
            assertThat(over.text("completedAt")).isGreaterThanOrEqualTo(over.text("startedAt"));
            assertThat(DESCRIBED.faults("StreamStatus", over.json())).isEmpty();
            Answer metrics = SERVER.get("bruno", "/api/chat/streams/" + stream + "/metrics");
            assertThat(metrics.json().whole("totalTokens")).hasValue(5);
            assertThat(metrics.json().whole("errors")).hasValue(0);
            assertThat(DESCRIBED.faults("StreamMetrics", metrics.json())).isEmpty();
        }

        @Test
        void a_stream_that_waits_says_so_and_one_that_fails_why() throws InterruptedException {
            String first = ask("First");
            ScriptedExchange exchange = SERVER.model.next();
            String second = ask("Second");
            assertThat(SERVER.get("ana", "/api/chat/streams/" + second + "/status").text("status")).isEqualTo("queued");
            exchange.say("Well");
            exchange.perform(new ModelStep.Cut());
            awaitEnd(first);
            Answer failed = SERVER.get("ana", "/api/chat/streams/" + first + "/status");
            assertThat(failed.text("status")).isEqualTo("failed");
            assertThat(failed.text("code")).isEqualTo("MODEL_FAILED");
            assertThat(DESCRIBED.faults("StreamStatus", failed.json())).isEmpty();
            assertThat(SERVER.get("ana", "/api/chat/streams/" + first + "/metrics").json().whole("errors")).hasValue(1);
            SERVER.model.next().fail(LlmException.Kind.FAILED);
            awaitEnd(second);
        }

        @Test
        void a_stream_is_as_secret_as_its_session() {
            SERVER.model.answer("Yes");
            String stream = ask("Well?");
            awaitEnd(stream);
            take();
            for (String what : List.of("/status", "/metrics")) {
                assertThat(SERVER.get("carla", "/api/chat/streams/" + stream + what).status()).isEqualTo(404);
                assertThat(SERVER.get("feeder", "/api/chat/streams/" + stream + what).status()).isEqualTo(404);
                assertThat(SERVER.get("root", "/api/chat/streams/" + stream + what).status()).isEqualTo(200);
                assertThat(SERVER.get("", "/api/chat/streams/" + stream + what).status()).isEqualTo(401);
                assertThat(SERVER.get("ana", "/api/chat/streams/nothing" + what).status()).isEqualTo(404);
                assertThat(SERVER.get("ana", "/api/chat/streams/a%20b" + what).status()).isEqualTo(400);
                assertThat(SERVER.get("ana", "/api/chat/streams/" + say("ana", "Hi") + what).status()).isEqualTo(404);
            }
        }

        private String ask(String question) {
            return SERVER.send("ana", "POST", "/api/chat/messages",
                    "{\"sessionId\":\"" + session + "\",\"content\":\"" + question + "\",\"reply\":true}")
                    .text("reply_id");
        }

        private void take() {
            try {
                SERVER.model.next();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private String say(String who, String content) {
        return say(who, content, "");
    }

    private String say(String who, String content, String parent) {
        String above = parent.isEmpty() ? "" : ",\"parentMessageId\":\"" + parent + "\"";
        Answer sent = SERVER.send(who, "POST", "/api/chat/messages",
                "{\"sessionId\":\"" + session + "\",\"content\":\"" + content + "\"" + above + "}");
        assertThat(sent.status()).as(sent.body()).isEqualTo(201);
        return sent.text("id");
    }

    private static Answer awaitEnd(String reply) {
        MessageId id = new MessageId(reply);
        long end = System.nanoTime() + ScriptedExchange.PATIENCE.toNanos();
        while (SERVER.store.messages().find(id).orElseThrow().running()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("Expected the reply to end in time");
            }
            Thread.onSpinWait();
        }
        return SERVER.get("ana", "/api/chat/messages/" + reply);
    }

    private static List<String> ids(Answer answer) {
        return each(answer, "id");
    }

    private static List<String> contents(Answer answer) {
        return each(answer, "content");
    }

    private static List<String> each(Answer answer, String field) {
        List<String> values = new ArrayList<>();
        answer.json().items("messages").orElseThrow().forEach(message -> values.add(((JsonObject) message).requiredText(field)));
        return values;
    }
}
