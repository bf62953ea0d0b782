package dev.parley.integration;

import dev.parley.integration.AccessTable.Action;
import dev.parley.integration.AccessTable.Place;
import dev.parley.integration.AccessTable.Role;
import dev.parley.protocols.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;

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

    /** The REST interface. */
    record Rest(HttpClient http, URI server) implements AccessClient {

        @Override
        public Set<Action> actions() {
            return EnumSet.complementOf(EnumSet.of(Action.REACT, Action.SEEN, Action.TYPE, Action.STOP));
        }

        @Override
        public boolean enters(Action what) {
            return false;
        }

        @Override
        public boolean does(AccessScene scene, Role who, Action what) throws Exception {
            String session = "/api/chat/sessions/" + scene.session();
            String messages = "/api/chat/messages/";
            return switch (what) {
                case ENTER -> asks(who, "GET", session, "");
                case HISTORY -> asks(who, "GET", session + "/messages", "");
                case SEARCH -> asks(who, "GET", session + "/search?q=hello", "");
                case PRESENCE -> asks(who, "GET", session + "/presence", "");
                case EXPORT -> asks(who, "POST", "/api/chat/export", "{'session_id':'" + scene.session() + "','format':'csv'}");
                case DOWNLOAD -> asks(who, "GET", "/api/chat/attachments/" + scene.file(), "");
                case UPLOAD -> uploads(scene, who);
                case SEND -> asks(who, "POST", "/api/chat/messages", "{'session_id':'" + scene.session() + "','content':'Hi'}");
                case EDIT_OWN -> asks(who, "PATCH", messages + scene.own(who), "{'content':'Edited'}");
                case DELETE_OWN -> asks(who, "DELETE", messages + scene.own(who), "");
                case EDIT_OTHERS -> asks(who, "PATCH", messages + scene.foreign(who), "{'content':'Forged'}");
                case DELETE_OTHERS -> asks(who, "DELETE", messages + scene.foreign(who), "");
                case RENAME -> asks(who, "PATCH", session, "{'title':'Another title'}");
                case SETTINGS -> asks(who, "PATCH", session, "{'settings':{'language':'pt-BR'}}");
                case VISIBILITY -> asks(
                        who, "PATCH", session, "{'visibility':'" + (scene.place() == Place.GROUP ? "shared" : "group") + "'}");
                case INVITE -> asks(who, "PUT", session + "/members/" + scene.guest(), "");
                case REMOVE -> asks(who, "DELETE", session + "/members/" + scene.removable(who), "");
                case CLOSE -> asks(who, "DELETE", session, "");
                case PURGE -> asks(who, "DELETE", session + "?purge=true", "");
                case NOTIFY -> asks(who, "POST", session + "/notifications", "{'title':'Ready'}");
                case REACT, SEEN, TYPE, STOP -> throw new IllegalArgumentException("Expected what REST can do");
            };
        }

        private boolean uploads(AccessScene scene, Role who) throws Exception {
            String form = "--part\r\nContent-Disposition: form-data; name=\"session_id\"\r\n\r\n" + scene.session()
                    + "\r\n--part\r\nContent-Disposition: form-data; name=\"file\"; filename=\"note.txt\"\r\n"
                    + "Content-Type: text/plain\r\n\r\nHello\r\n--part--\r\n";
            HttpRequest request = HttpRequest.newBuilder(URI.create(server + "/api/chat/uploads"))
                    .timeout(Frames.PATIENCE)
                    .header("Authorization", "Bearer " + who.token())
                    .header("Content-Type", "multipart/form-data; boundary=part")
                    .POST(HttpRequest.BodyPublishers.ofString(form))
                    .build();
            return allowed(http.send(request, HttpResponse.BodyHandlers.ofString()));
        }

        boolean asks(Role who, String method, String path, String json) throws Exception {
            return allowed(answer(who.token(), method, path, json));
        }

        private static boolean allowed(HttpResponse<String> answer) {
            return switch (answer.statusCode()) {
                case 200, 201, 204 -> true;
                case 403, 404 -> false;
                default -> throw new AssertionError(
                        "Expected yes or no, found " + answer.statusCode() + " " + answer.body());
            };
        }

        HttpResponse<String> answer(String token, String method, String path, String json) throws Exception {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + path))
                    .timeout(Frames.PATIENCE)
                    .header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(json.replace('\'', '"')));
            if (!token.isEmpty()) {
                request.header("Authorization", "Bearer " + token);
            }
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    /** The chat module's part of the REST interface, with its own names for things. */
    record Module(Rest rest) implements AccessClient {

        @Override
        public Set<Action> actions() {
            return EnumSet.of(
                    Action.ENTER,
                    Action.HISTORY,
                    Action.SEARCH,
                    Action.EXPORT,
                    Action.PRESENCE,
                    Action.DOWNLOAD,
                    Action.SEND,
                    Action.UPLOAD,
                    Action.REACT,
                    Action.EDIT_OWN,
                    Action.DELETE_OWN,
                    Action.EDIT_OTHERS,
                    Action.DELETE_OTHERS);
        }

        @Override
        public boolean enters(Action what) {
            return false;
        }

        @Override
        public boolean does(AccessScene scene, Role who, Action what) throws Exception {
            String session = "/api/chat/sessions/" + scene.session();
            String foreign = "/api/chat/messages/" + scene.foreign(who);
            String link = "{'fileName':'a.txt','fileUrl':'http://10.0.0.1/a.txt'}";
            return switch (what) {
                case ENTER -> rest.asks(who, "GET", foreign + "/reactions", "");
                case HISTORY -> rest.asks(who, "GET", foreign + "/thread", "");
                case SEARCH -> rest.asks(who, "GET", session + "/search?query=hello", "");
                case EXPORT -> rest.asks(who, "GET", foreign + "/history", "");
                case PRESENCE -> rest.asks(who, "GET", session + "/presence", "");
                case DOWNLOAD -> rest.asks(who, "GET", foreign + "/attachments", "");
                case SEND -> rest.asks(
                        who, "POST", "/api/chat/messages", "{'sessionId':'" + scene.session() + "','content':'Hi'}");
                case UPLOAD -> rest.asks(
                        who,
                        "POST",
                        "/api/chat/messages",
                        "{'sessionId':'" + scene.session() + "','attachments':[" + link + "]}");
                case REACT -> rest.asks(who, "POST", foreign + "/reactions", "{'emoji':'👍'}");
                case EDIT_OWN -> rest.asks(
                        who, "PUT", "/api/chat/messages/" + scene.own(who), "{'content':'Edited'}");
                case DELETE_OWN -> rest.asks(who, "DELETE", "/api/chat/messages/" + scene.own(who), "");
                case EDIT_OTHERS -> rest.asks(who, "PUT", foreign, "{'content':'Forged'}");
                case DELETE_OTHERS -> rest.asks(who, "DELETE", foreign, "");
                default -> throw new IllegalArgumentException("Expected what the chat module can do");
            };
        }
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

    /** The native protocol. */
    record Chat(HttpClient http, URI server) implements AccessClient {

        @Override
        public Set<Action> actions() {
            return FRAMES;
        }

        @Override
        public boolean enters(Action what) {
            return true;
        }

        @Override
        public boolean does(AccessScene scene, Role who, Action what) throws Exception {
            URI address = URI.create(
                    "ws" + server.toString().substring(4) + "/ws/" + scene.session() + "?token=" + who.token());
            try (Frames frames = Frames.connect(http, address)) {
                JsonObject first = frames.next(any -> true, "the first frame");
                if (!allowed(first)) {
                    AccessTest.refusedAtTheDoor(frames);
                    return false;
                }
                if (what == Action.ENTER) {
                    return true;
                }
                frames.send(frame(scene, who, what));
                frames.send("{\"type\":\"ping\",\"id\":\"then\"}");
                JsonObject answer = frames.next(
                        frame -> frame.text("id").filter(id -> id.equals("it") || id.equals("then")).isPresent(),
                        "an answer");
                return allowed(answer);
            }
        }
    }

    /** The native protocol where there is no WebSocket: one frame in one request. */
    record Fallback(Rest rest) implements AccessClient {

        @Override
        public Set<Action> actions() {
            return FRAMES;
        }

        @Override
        public boolean enters(Action what) {
            return false;
        }

        @Override
        public boolean does(AccessScene scene, Role who, Action what) throws Exception {
            String session = "/api/chat/sessions/" + scene.session();
            if (what == Action.ENTER) {
                return rest.asks(who, "GET", session + "/poll?wait=0s", "");
            }
            HttpResponse<String> answer =
                    rest.answer(who.token(), "POST", session + "/frames", frame(scene, who, what));
            if (answer.statusCode() != 200) {
                return !Set.of(403, 404).contains(answer.statusCode());
            }
            return Frames.parsed(answer.body())
                    .items("frames")
                    .orElseThrow()
                    .stream()
                    .allMatch(frame -> allowed((JsonObject) frame));
        }
    }

    /** The protocol of rooms and conversations. */
    record Rooms(HttpClient http, URI server) implements AccessClient {

        @Override
        public Set<Action> actions() {
            return EnumSet.of(
                    Action.ENTER,
                    Action.SEND,
                    Action.SEEN,
                    Action.TYPE,
                    Action.STOP,
                    Action.INVITE,
                    Action.REMOVE,
                    Action.CLOSE);
        }

        @Override
        public boolean enters(Action what) {
            return what == Action.SEND;
        }

        @Override
        public boolean does(AccessScene scene, Role who, Action what) throws Exception {
            URI address = URI.create("ws" + server.toString().substring(4) + "/api/v1/ws/ws?token=" + who.token());
            try (Frames frames = Frames.connect(http, address)) {
                frames.next("connect");
                frames.send(frame(scene, who, what).replace('\'', '"'));
                frames.send("{\"type\":\"nothing\",\"message_id\":\"then\"}");
                JsonObject error = frames.next(
                        frame -> Frames.type(frame).equals("error")
                                && ours(frame.object("data").flatMap(data -> data.text("message_id")).orElse("")),
                        "an answer")
                        .object("data")
                        .orElseThrow();
                return error.requiredText("message_id").equals("then") || allowed(error.requiredText("code"));
            }
        }

        private static boolean ours(String name) {
            return name.equals("it") || name.equals("then");
        }

        private static String frame(AccessScene scene, Role who, Action what) {
            String room = "'room_id':'" + scene.session() + "'";
            String type = switch (what) {
                case ENTER -> "join_room','data':{" + room + "}";
                case SEND -> "chat'," + room + ",'data':{'message':'Hi'}";
                case SEEN -> "delivery_confirmation','data':{'message_id':'" + scene.foreign(who) + "','status':'read'}";
                case TYPE -> "typing'," + room + ",'data':{'is_typing':true}";
                case STOP -> "stop'," + room + ",'data':{}";
                case INVITE -> "add_member','data':{" + room + ",'user_id':'" + scene.guest() + "'}";
                case REMOVE -> "remove_member','data':{" + room + ",'user_id':'" + scene.removable(who) + "'}";
                case CLOSE -> "delete_room','data':{" + room + "}";
                default -> throw new IllegalArgumentException("Expected what rooms are for");
            };
            return "{'message_id':'it','type':'" + type + "}";
        }
    }

    /** Rooms without a socket. */
    record RoomsRest(Rest rest) implements AccessClient {

        @Override
        public Set<Action> actions() {
            return EnumSet.of(Action.ENTER, Action.INVITE, Action.REMOVE, Action.CLOSE);
        }

        @Override
        public boolean enters(Action what) {
            return false;
        }

        @Override
        public boolean does(AccessScene scene, Role who, Action what) throws Exception {
            String room = "/api/v1/ws/rooms/" + scene.session();
            return switch (what) {
                case ENTER -> rest.asks(who, "GET", room, "");
                case INVITE -> rest.asks(who, "PUT", room + "/members/" + scene.guest(), "");
                case REMOVE -> rest.asks(who, "DELETE", room + "/members/" + scene.removable(who), "");
                case CLOSE -> rest.asks(who, "DELETE", room, "");
                default -> throw new IllegalArgumentException("Expected what rooms are for");
            };
        }
    }

    /** The protocol of sessions and topics. */
    record Topics(HttpClient http, URI server) implements AccessClient {

        @Override
        public Set<Action> actions() {
            return EnumSet.of(Action.ENTER, Action.SEND, Action.TYPE, Action.STOP);
        }

        @Override
        public boolean enters(Action what) {
            return true;
        }

        @Override
        public boolean does(AccessScene scene, Role who, Action what) throws Exception {
            URI address = URI.create(
                    "ws" + server.toString().substring(4) + "/ws/chat/" + scene.session() + "?token=" + who.token());
            try (Frames frames = Frames.connect(http, address)) {
                JsonObject first = frames.next(any -> true, "the first envelope");
                if (Frames.type(first).equals("error")) {
                    AccessTest.refusedAtTheDoor(frames);
                    return allowed(first.object("data").orElseThrow().requiredText("code"));
                }
                if (what == Action.ENTER) {
                    return true;
                }
                frames.send(switch (what) {
                    case SEND -> "{\"id\":\"it\",\"type\":\"chat\",\"data\":{\"message\":\"Hi\"}}";
                    case TYPE -> "{\"id\":\"it\",\"type\":\"typing\",\"data\":{\"is_typing\":true}}";
                    case STOP -> "{\"id\":\"it\",\"type\":\"stop\"}";
                    default -> throw new IllegalArgumentException("Expected what these sessions are for");
                });
                frames.send("{\"id\":\"then\",\"type\":\"nothing\"}");
                JsonObject error = frames.next(
                        frame -> Frames.type(frame).equals("error")
                                && frame.object("data").flatMap(data -> data.text("request_id")).isPresent(),
                        "an answer")
                        .object("data")
                        .orElseThrow();
                return error.requiredText("request_id").equals("then") || allowed(error.requiredText("code"));
            }
        }
    }

    /** The chat gateway of Socket.IO. */
    record Gateway(HttpClient http, URI server) implements AccessClient {

        @Override
        public Set<Action> actions() {
            return EnumSet.of(
                    Action.ENTER,
                    Action.PRESENCE,
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

        @Override
        public boolean enters(Action what) {
            return false;
        }

        @Override
        public boolean does(AccessScene scene, Role who, Action what) throws Exception {
            String session = "'sessionId':'" + scene.session() + "'";
            try (ChatSocket chat = ChatSocket.as(http, server, who.token())) {
                JsonObject answer = switch (what) {
                    case ENTER -> chat.ask("session:join", "{" + session + "}");
                    case PRESENCE -> chat.ask("presence:update", "{" + session + "}");
                    case SEND -> chat.ask("message:send", "{" + session + ",'content':'Hi'}");
                    case REACT -> chat.ask("message:reaction", "{'messageId':'" + scene.foreign(who) + "','emoji':'👍'}");
                    case SEEN -> chat.ask("message:seen", "{'messageId':'" + scene.foreign(who) + "'}");
                    case TYPE -> chat.ask("typing:start", "{" + session + "}");
                    case STOP -> chat.ask("stream:stop", "{" + session + "}");
                    case EDIT_OWN -> chat.ask("message:edit", "{'messageId':'" + scene.own(who) + "','content':'Edited'}");
                    case DELETE_OWN -> chat.ask("message:delete", "{'messageId':'" + scene.own(who) + "'}");
                    case EDIT_OTHERS -> chat.ask("message:edit", "{'messageId':'" + scene.foreign(who) + "','content':'Forged'}");
                    case DELETE_OTHERS -> chat.ask("message:delete", "{'messageId':'" + scene.foreign(who) + "'}");
                    default -> throw new IllegalArgumentException("Expected what the gateway is for");
                };
                return answer.truth("success").orElse(false) || allowed(answer.requiredText("code"));
            }
        }
    }

    /** The ticket assistant's protocol. */
    record Ticket(HttpClient http, URI server) implements AccessClient {

        @Override
        public Set<Action> actions() {
            return EnumSet.of(Action.ENTER, Action.SEND, Action.STOP);
        }

        @Override
        public Set<Place> places() {
            return EnumSet.of(Place.TICKET);
        }

        @Override
        public boolean enters(Action what) {
            return true;
        }

        @Override
        public boolean does(AccessScene scene, Role who, Action what) throws Exception {
            URI address = URI.create("ws" + server.toString().substring(4) + "/api/websocket/chat/" + scene.ticket() + "?token="
                    + who.token());
            try (Frames frames = Frames.connect(http, address)) {
                say(frames, switch (what) {
                    case ENTER -> "{\"ticketBody\":\"Help\"}";
                    case SEND -> "{\"ticketBody\":\"Help again\",\"refresh\":true}";
                    case STOP -> "{\"stop\":true}";
                    default -> throw new IllegalArgumentException("Expected what tickets are for");
                });
                JsonObject answer = frames.next(any -> true, "an answer");
                if (!allowed(answer)) {
                    AccessTest.refusedAtTheDoor(frames);
                    return false;
                }
                return true;
            }
        }

        /** Who is not let in may find that out while speaking. */
        private static void say(Frames frames, String what) throws Exception {
            try {
                frames.send(what);
            } catch (ExecutionException closed) {
                AccessTest.refusedAtTheDoor(frames);
            }
        }
    }
}
