package dev.parley.integration;

import dev.parley.integration.AccessTable.Action;
import dev.parley.integration.AccessTable.Place;
import dev.parley.integration.AccessTable.Role;
import dev.parley.protocols.json.JsonObject;
import java.util.EnumSet;
import java.util.Set;

/** How people do things on one protocol. A protocol that comes later adds one of these, and a line in {@link AccessTest}. */
interface AccessClient {

    /** What the protocol has words for. */
    Set<Action> actions();

    /** Whether one comes in by doing it, or has to before. */
    boolean enters(Action what);

    /** The kinds of sessions that it can be used for. */
    default Set<Place> places() {
        return EnumSet.allOf(Place.class);
    }

    /** Does it, and says whether it was allowed; whatever is neither allowed nor refused fails. */
    boolean does(AccessScene scene, Role who, Action what) throws Exception;

    /** Whether an answer to a frame says yes. */
    static boolean allowed(JsonObject answer) {
        return !Frames.type(answer).equals("error") || allowed(answer.requiredText("code"));
    }

    /** Whether a code says yes, which none does; what is neither yes nor no fails. */
    static boolean allowed(String code) {
        // Messages that one may not see do not exist for oneself.
        if (Set.of("FORBIDDEN", "NOT_FOUND").contains(code)) {
            return false;
        }
        throw new AssertionError("Expected yes or no, found " + code);
    }

    /** What the native protocol's frames do, on whatever transport. */
    static String frame(AccessScene scene, Role who, Action what) {
        String frame = switch (what) {
            case HISTORY -> "{'type':'history'}";
            case SEND -> "{'type':'message','content':'Hi','reply':false}";
            case REACT -> "{'type':'react','message_id':'" + scene.foreign(who) + "','emoji':'👍'}";
            case SEEN -> "{'type':'seen','message_id':'" + scene.foreign(who) + "'}";
            case TYPE -> "{'type':'typing','is_typing':true}";
            case STOP -> "{'type':'stop'}";
            case EDIT_OWN -> "{'type':'edit','message_id':'" + scene.own(who) + "','content':'Edited'}";
            case DELETE_OWN -> "{'type':'delete','message_id':'" + scene.own(who) + "'}";
            case EDIT_OTHERS -> "{'type':'edit','message_id':'" + scene.foreign(who) + "','content':'Forged'}";
            case DELETE_OTHERS -> "{'type':'delete','message_id':'" + scene.foreign(who) + "'}";
            case ENTER, SEARCH, EXPORT, PRESENCE, DOWNLOAD, UPLOAD, RENAME, SETTINGS, VISIBILITY, INVITE, REMOVE, CLOSE, PURGE,
                    NOTIFY ->
                    throw new IllegalArgumentException("Expected what the native protocol can do");
        };
        return frame.replace('\'', '"').replace("{\"type\"", "{\"id\":\"it\",\"type\"");
    }

    /** What those frames are. */
    Set<Action> FRAMES = EnumSet.of(
            Action.ENTER,
            Action.HISTORY,
            Action.SEND,
            Action.REACT,
            Action.SEEN,
            Action.TYPE,
            Action.STOP,
            Action.EDIT_OWN,
            Action.DELETE_OWN,
            Action.EDIT_OTHERS,
            Action.DELETE_OTHERS);
}
