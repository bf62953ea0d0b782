package dev.parley.protocols.topics;

import dev.parley.protocols.Handshake;
import dev.parley.protocols.Protocol;
import dev.parley.protocols.ProtocolSession;
import dev.parley.protocols.json.JsonReader;
import dev.parley.protocols.json.Texts;

/** A connection that is told of one investigation. Its address is {@code /ws/investigations/{investigation_id}}. */
public final class InvestigationsProtocol implements Protocol {

    private final Texts texts;
    private final EventFrames shared = new EventFrames();

    public InvestigationsProtocol(Texts texts) {
        this.texts = texts;
    }

    @Override
    public String name() {
        return "investigations";
    }

    @Override
    public ProtocolSession open(Handshake handshake) {
        return new InvestigationSession(handshake, JsonReader.STANDARD, texts, shared);
    }
}
