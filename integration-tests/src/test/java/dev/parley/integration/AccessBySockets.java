package dev.parley.integration;

import dev.parley.integration.AccessTable.Action;
import dev.parley.integration.AccessTable.Place;
import dev.parley.integration.AccessTable.Role;
import dev.parley.protocols.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/** How people do things on a socket, in frames. */
final class AccessBySockets {

    private AccessBySockets() {}

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
                if (!AccessClient.allowed(first)) {
                    AccessTest.refusedAtTheDoor(frames);
                    return false;
                }
                if (what == Action.ENTER) {
                    return true;
                }
                frames.send(AccessClient.frame(scene, who, what));
                frames.send("{\"type\":\"ping\",\"id\":\"then\"}");
                JsonObject answer = frames.next(
                        frame -> frame.text("id").filter(id -> id.equals("it") || id.equals("then")).isPresent(),
                        "an answer");
                return AccessClient.allowed(answer);
            }
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
                return error.requiredText("message_id").equals("then") || AccessClient.allowed(error.requiredText("code"));
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
                    return AccessClient.allowed(first.object("data").orElseThrow().requiredText("code"));
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
                return error.requiredText("request_id").equals("then") || AccessClient.allowed(error.requiredText("code"));
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
                return answer.truth("success").orElse(false) || AccessClient.allowed(answer.requiredText("code"));
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
                if (!AccessClient.allowed(answer)) {
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
