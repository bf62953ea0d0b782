package dev.parley.protocols.chat;

import dev.parley.domain.IdSource;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.Handshake;
import dev.parley.protocols.Protocol;
import dev.parley.protocols.ProtocolSession;
import dev.parley.protocols.json.JsonReader;
import dev.parley.protocols.json.Texts;
import java.util.Optional;

/**
 * The native chat protocol: one session on one connection, JSON frames with a {@code type}. Its address is {@code /ws} with an
 * open part {@code session_id}; without one the session gets a new id.
 */
public final class ChatProtocol implements Protocol {

    private final IdSource ids;
    private final ChatSettings settings;
    private final JsonReader reader;
    private final ChatFrames frames;
    private final EventFrames shared;

    /** {@code ids} names the sessions of those who bring no id */
    public ChatProtocol(IdSource ids, ChatSettings settings, Texts texts) {
        this(ids, settings, texts, JsonReader.STANDARD);
    }

    public ChatProtocol(IdSource ids, ChatSettings settings, Texts texts, JsonReader reader) {
        this.ids = ids;
        this.settings = settings;
        this.reader = reader;
        this.frames = new ChatFrames(settings, texts);
        this.shared = new EventFrames(settings);
    }

    @Override
    public String name() {
        return "chat";
    }

    @Override
    public ProtocolSession open(Handshake handshake) {
        Optional<String> named =
                Optional.ofNullable(handshake.path().get("session_id")).filter(id -> !id.isEmpty());
        if (named.isPresent() && !SessionId.isValid(named.get())) {
            return new RefusedSession(handshake, frames);
        }
        SessionId session = new SessionId(named.orElseGet(ids::next));
        return new ChatSession(new ChatState(handshake, session), settings, reader, frames, shared, true);
    }

    /**
     * Takes frames one by one, for those who send outside of the connection on which they are told what happens. It answers what
     * is for the sender alone; steps that need a connection are never asked for, and events need not be given to it.
     */
    public ProtocolSession detached(Handshake handshake, SessionId session) {
        return new ChatSession(new ChatState(handshake, session), settings, reader, frames, shared, false);
    }
}
