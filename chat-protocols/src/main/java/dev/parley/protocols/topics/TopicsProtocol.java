package dev.parley.protocols.topics;

import dev.parley.protocols.Handshake;
import dev.parley.protocols.Protocol;
import dev.parley.protocols.ProtocolSession;
import dev.parley.protocols.json.JsonReader;
import dev.parley.protocols.json.Texts;

/** Any number of connections of one session, each told of the same. Its address is {@code /ws/chat/{session_id}}. */
public final class TopicsProtocol implements Protocol {

    private final TopicsSettings settings;
    private final Texts texts;
    private final EventFrames shared = new EventFrames();

    public TopicsProtocol(TopicsSettings settings, Texts texts) {
        this.settings = settings;
        this.texts = texts;
    }

    @Override
    public String name() {
        return "topics";
    }

    @Override
    public ProtocolSession open(Handshake handshake) {
        return new TopicsSession(handshake, settings, JsonReader.STANDARD, texts, shared);
    }
}
