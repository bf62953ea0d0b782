package dev.parley.protocols.rooms;

import dev.parley.domain.access.UserId;
import dev.parley.domain.session.Member;
import dev.parley.domain.session.Session;
import dev.parley.protocols.json.JsonWriter;
import dev.parley.protocols.json.SessionJson;

/** How a room looks. */
public final class RoomJson {

    private RoomJson() {}

    /** Writes what everybody in the room may know, as fields of an object that is open. */
    public static JsonWriter fields(JsonWriter to, Session session) {
        to.field("room_id", session.id().value()).field("room_name", session.title());
        to.field("room_type", SessionJson.word(session.visibility()));
        to.texts("participants", session.members().stream().map(Member::user).toList());
        return to.nullable("owner", session.owner().map(UserId::value));
    }
}
