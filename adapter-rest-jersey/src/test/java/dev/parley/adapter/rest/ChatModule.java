package dev.parley.adapter.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.adapter.rest.Server.Answer;
import dev.parley.application.EngineSettings;
import dev.parley.domain.message.MessageId;
import dev.parley.protocols.admission.Authenticator;
import dev.parley.protocols.admission.OriginPolicy;
import dev.parley.protocols.connection.ConnectionSettings;
import dev.parley.protocols.json.JsonObject;
import dev.parley.testkit.llm.ScriptedExchange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** A server for clients of the chat module, and a session of Ana's and Bruno's on it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ChatModule {

    static final Described DESCRIBED = new Described();

    final Server server = new Server(
            HostileRequestsTest.withQuotas(EngineSettings.DEFAULT, Optional.empty(), Optional.empty()),
            Authenticator.Mode.REQUIRED,
            new OriginPolicy(List.of()),
            ConnectionSettings.STANDARD);

    String session = "";

    @BeforeEach
    void open() {
        session = UUID.randomUUID().toString();
        server.send("ana", "POST", "/api/chat/sessions",
                "{\"session_id\":\"" + session + "\",\"visibility\":\"group\",\"members\":[\"bruno\"]}");
    }

    @AfterAll
    void close() {
        server.close();
    }

    String say(String who, String content) {
        return say(who, content, "");
    }

    String say(String who, String content, String parent) {
        String above = parent.isEmpty() ? "" : ",\"parentMessageId\":\"" + parent + "\"";
        Answer sent = server.send(who, "POST", "/api/chat/messages",
                "{\"sessionId\":\"" + session + "\",\"content\":\"" + content + "\"" + above + "}");
        assertThat(sent.status()).as(sent.body()).isEqualTo(201);
        return sent.text("id");
    }

    Answer awaitEnd(String reply) {
        MessageId id = new MessageId(reply);
        long end = System.nanoTime() + ScriptedExchange.PATIENCE.toNanos();
        while (server.store.messages().find(id).orElseThrow().running()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("Expected the reply to end in time");
            }
            Thread.onSpinWait();
        }
        return server.get("ana", "/api/chat/messages/" + reply);
    }

    static List<String> ids(Answer answer) {
        return each(answer, "id");
    }

    static List<String> contents(Answer answer) {
        return each(answer, "content");
    }

    static List<String> each(Answer answer, String field) {
        List<String> values = new ArrayList<>();
        answer.json().items("messages").orElseThrow().forEach(message -> values.add(((JsonObject) message).requiredText(field)));
        return values;
    }
}
