package dev.parley.protocols.rooms;

import dev.parley.domain.IdSource;
import dev.parley.protocols.Handshake;
import dev.parley.protocols.Protocol;
import dev.parley.protocols.ProtocolSession;
import dev.parley.protocols.json.JsonReader;
import dev.parley.protocols.json.Texts;

/**
 * Rooms and conversations, several of them on one connection, JSON frames of {@code type} and {@code data}. Its address is
 * {@code /api/v1/ws/ws}; a room may be named in it.
 */
public final class RoomsProtocol implements Protocol {

    private final IdSource ids;
    private final RoomsSettings settings;
    private final JsonReader reader;
    private final RoomFrames frames;
    private final RoomEventFrames shared;

    /** {@code ids} names conversations that clients begin without a name */
    public RoomsProtocol(IdSource ids, RoomsSettings settings, Texts texts) {
        this(ids, settings, texts, JsonReader.STANDARD);
    }

    public RoomsProtocol(IdSource ids, RoomsSettings settings, Texts texts, JsonReader reader) {
        this.ids = ids;
        this.settings = settings;
        this.reader = reader;
        this.frames = new RoomFrames(settings, texts);
        this.shared = new RoomEventFrames(settings.prices());
    }

    @Override
    public String name() {
        return "rooms";
    }

    @Override
    public ProtocolSession open(Handshake handshake) {
        return new RoomsSession(new RoomsState(handshake), ids, settings, reader, frames, shared);
    }
}
