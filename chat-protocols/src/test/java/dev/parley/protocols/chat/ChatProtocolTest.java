package dev.parley.protocols.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Command;
import dev.parley.application.event.Event;
import dev.parley.domain.access.UserId;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.session.SessionSettings;
import dev.parley.domain.session.Visibility;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.ProtocolSession;
import dev.parley.protocols.Step;
import dev.parley.protocols.json.Texts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChatProtocolTest {

    private static final String NASTY = "{}[]\",:0123456789-eE\\u\0xtrue";

    private final ScriptedEngine engine = Client.engine();
    private final ChatProtocol protocol =
            new ChatProtocol(() -> "made-by-the-server", ChatSettings.DEFAULT, Texts.load());

    @Test
    void without_an_id_in_the_address_the_server_makes_one() {
        ProtocolSession session = protocol.open(Client.handshake(Map.of(), Map.of("visibility", "shared"), List.of()));

        List<Step> steps = session.opened(Client.START);

        assertThat(steps).singleElement().isInstanceOfSatisfying(Step.Ask.class, ask -> {
            Command.EnterSession enter = (Command.EnterSession) ask.command();
            assertThat(enter.session().value()).isEqualTo("made-by-the-server");
            assertThat(enter.visibility()).isEqualTo(Visibility.SHARED);
        });
    }

    @Test
    void what_is_told_to_many_is_encoded_once() {
        Client one = opened(Map.of());
        Client two = Client.of(engine, protocol, Map.of());
        two.open();
        two.take();
        Event grown = new Event.ReplyGrew(engine.session.id(), new MessageId("r1"), 0, "Hi");

        engine.tell(grown);
        one.settle();
        engine.tell(grown);
        two.settle();

        assertThat(one.sent.getFirst()).isSameAs(two.sent.getFirst());
    }

    @Test
    void a_session_that_does_not_stream_shows_replies_whole_unless_a_message_asks_otherwise() {
        engine.session = engine.session.withSettings(
                new SessionSettings(Optional.empty(), Optional.empty(), false));
        Client client = opened(Map.of());

        client.send("{\"type\":\"message\",\"content\":\"a\"}");
        answer(client, "r1");
        client.send("{\"type\":\"message\",\"content\":\"b\",\"stream\":true}");
        answer(client, "r2");

        assertThat(client.take())
                .extracting(frame -> frame.substring(0, frame.indexOf(',')))
                .containsExactly(
                        "{\"type\":\"message\"",
                        "{\"type\":\"stream_start\"",
                        "{\"type\":\"stream_chunk\"",
                        "{\"type\":\"stream_end\"");
    }

    @Test
    void an_answer_does_not_claim_that_the_client_has_seen_what_others_did_before() {
        Client client = opened(Map.of());
        // It is stored before the client's own message, and has not come here yet.
        engine.say(new UserId("bruno"), "first", Optional.empty(), Optional.empty(), ClientMetadata.NONE);

        client.send("{\"type\":\"message\",\"content\":\"second\",\"id\":\"x\",\"reply\":false}");

        assertThat(client.take().getFirst()).contains("\"type\":\"ack\"").contains("\"cursor\":\"1\"");
    }

    @Test
    void texts_of_clients_lose_what_nobody_can_show() {
        Client client = opened(Map.of());

        client.send("{\"type\":\"message\",\"content\":\"a\\u0000b\\ud800c\\u0007\\nd\\ud83d\\ude00\",\"reply\":false}");

        assertThat(engine.messages.get(new MessageId("m1")).content()).isEqualTo("abc\nd😀");
    }

    @Test
    void metadata_is_kept_and_given_back_but_cannot_pose_as_the_servers() {
        Client client = opened(Map.of());

        client.send(
                "{\"type\":\"message\",\"content\":\"a\",\"reply\":false,\"metadata\":{\"mood\":{\"x\":[1,null]},\"model\":\"forged\","
                        + "\"attachments\":[{\"attachment_id\":\"forged\",\"url\":\"javascript:alert(1)\"}]}}");
        client.send("{\"type\":\"history\"}");

        assertThat(client.take().getLast())
                .contains("\"metadata\":{\"attachments\":[],\"mood\":{\"x\":[1,null]}}")
                .doesNotContain("forged");
    }

    @Test
    void metadata_beyond_its_bound_is_a_bad_request() {
        Client client = opened(Map.of());

        client.send("{\"type\":\"message\",\"content\":\"a\",\"metadata\":{\"a\":\"" + "x".repeat(9000) + "\"}}");

        assertThat(client.take()).singleElement().asString().contains("BAD_REQUEST");
    }

    @Test
    void deep_nesting_closes_as_invalid_and_broken_utf8_too() {
        Client deep = opened(Map.of());
        deep.send("{\"type\":\"message\",\"a\":" + "[".repeat(5000) + "]".repeat(5000) + "}");
        assertThat(deep.closed).contains(Closing.because(Closing.Reason.INVALID_TEXT));

        Client broken = opened(Map.of());
        broken.send(Frame.of(new byte[] {'{', '"', (byte) 0xC3, (byte) 0x28, '"', '}'}));
        assertThat(broken.closed).contains(Closing.because(Closing.Reason.INVALID_TEXT));
    }

    @Test
    void frames_from_outside_are_answered_without_a_connection() {
        ProtocolSession session =
                protocol.detached(Client.handshake(Map.of(), Map.of(), List.of("pt-BR")), engine.session.id());

        assertThat(session.received(Frame.text("{\"type\":\"resume\",\"since\":\"1\"}"), Client.START))
                .singleElement()
                .asString()
                .isNotEmpty();
        assertThat(session.received(Frame.text("{\"type\":\"quota\"}"), Client.START))
                .singleElement()
                .isInstanceOfSatisfying(
                        Step.Ask.class, ask -> assertThat(ask.command()).isInstanceOf(Command.GetQuota.class));
    }

    @Test
    void whatever_comes_nothing_is_thrown() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> valid = TranscriptsTestFrames.clients();
        Client client = opened(Map.of());
        try {
            for (int i = 0; i < 20_000; i++) {
                byte[] bytes = random.nextBoolean()
                        ? noise(random)
                        : mutated(random, valid.get(random.nextInt(valid.size())));
                client.send(Frame.of(bytes));
                client.sent.clear();
                if (client.closed.isPresent()) {
                    client = opened(Map.of());
                }
            }
        } catch (RuntimeException | AssertionError thrown) {
            throw new AssertionError("seed " + seed, thrown);
        }
    }

    private static byte[] noise(Random random) {
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] mutated(Random random, String frame) {
        byte[] bytes = frame.getBytes(StandardCharsets.UTF_8);
        for (int n = random.nextInt(4); n >= 0; n--) {
            bytes[random.nextInt(bytes.length)] = (byte) NASTY.charAt(random.nextInt(NASTY.length()));
        }
        return bytes;
    }

    private void answer(Client client, String reply) {
        engine.begin(new MessageId(reply), "llama");
        engine.grow(new MessageId(reply), "text");
        engine.end(new MessageId(reply), ReplyStatus.COMPLETED);
        client.settle();
    }

    private Client opened(Map<String, String> query) {
        Client client = Client.of(engine, protocol, query);
        client.open();
        client.take();
        return client;
    }
}
