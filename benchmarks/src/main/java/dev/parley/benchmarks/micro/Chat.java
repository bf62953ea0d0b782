package dev.parley.benchmarks.micro;

import dev.parley.application.event.Event;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Role;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.Handshake;
import dev.parley.protocols.ProtocolSession;
import dev.parley.protocols.chat.ChatProtocol;
import dev.parley.protocols.chat.ChatSettings;
import dev.parley.protocols.json.Texts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The native protocol and plausible things to say in it. */
final class Chat {

    static final SessionId SESSION = new SessionId("benchmark-session");
    static final MessageId REPLY = new MessageId("01JD0000000000000000000000");
    static final UserId USER = new UserId("ana");
    static final Principal ANA = Principal.trusted(USER);
    static final Instant NOW = Instant.parse("2026-11-21T12:00:00.123Z");

    private Chat() {}

    static ChatProtocol protocol() {
        return new ChatProtocol(() -> "made-by-the-server", ChatSettings.DEFAULT, Texts.load());
    }

    static ProtocolSession session(ChatProtocol protocol) {
        Handshake handshake =
                new Handshake(new ConnectionId("c1"), ANA, Map.of("session_id", SESSION.value()), Map.of(), List.of("en"));
        return protocol.detached(handshake, SESSION);
    }

    static Event.ReplyGrew grown(long from, String text) {
        return new Event.ReplyGrew(SESSION, REPLY, from, text);
    }

    static Message message(String id, SessionId session, String text, Instant at) {
        return Message.written(
                new MessageId(id),
                session,
                Optional.empty(),
                new Author.Person(USER, "Ana"),
                Role.USER,
                text,
                at,
                Optional.empty(),
                ClientMetadata.NONE);
    }
}
