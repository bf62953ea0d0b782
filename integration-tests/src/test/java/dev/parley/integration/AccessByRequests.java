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

/** How people do things where each is a request of its own. */
final class AccessByRequests {

    private AccessByRequests() {}

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
                    rest.answer(who.token(), "POST", session + "/frames", AccessClient.frame(scene, who, what));
            if (answer.statusCode() != 200) {
                return !Set.of(403, 404).contains(answer.statusCode());
            }
            return Frames.parsed(answer.body())
                    .items("frames")
                    .orElseThrow()
                    .stream()
                    .allMatch(frame -> AccessClient.allowed((JsonObject) frame));
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
}
