package dev.parley.adapter.rest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rooms, their members and tokens for sockets, over plain HTTP. */
class RoomsTest {

    private static final String ROOMS = "/api/v1/ws/rooms";

    private final Server server = new Server();

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void a_token_for_sockets_opens_nothing_else() {
        Server.Answer answer = server.send("ana", "POST", "/api/v1/ws/token", "");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().whole("expires_in")).hasValue(86_400);
        String token = answer.text("token");
        assertThat(token).isEqualTo("socket-ana-PT24H");
        for (String path : new String[] {"/api/chat/sessions", ROOMS + "/one", "/api/chat/sessions/one/events"}) {
            assertThat(server.get(token, path).status()).as(path).isEqualTo(403);
        }
        Server.Answer again = server.send(token, "POST", "/api/v1/ws/token", "");
        assertThat(again.status()).as("a socket's token makes no other").isEqualTo(403);
        assertThat(again.text("code")).isEqualTo("FORBIDDEN");
        assertThat(server.send("", "POST", "/api/v1/ws/token", "").status()).isEqualTo(401);
    }

    @Test
    void a_room_is_opened_shown_and_closed() {
        Server.Answer made = server.send(
                "ana", "POST", ROOMS, "{\"room_id\":\"my-room\",\"room_name\":\"My Chat Room\",\"room_type\":\"private\"}");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.header("Location")).isEqualTo(ROOMS + "/my-room");
        assertThat(made.text("room_name")).isEqualTo("My Chat Room");
        assertThat(made.text("room_type")).isEqualTo("private");
        assertThat(made.json().texts("participants").orElseThrow()).containsExactly("ana");
        assertThat(server.send("ana", "POST", ROOMS, "{\"room_id\":\"my-room\"}").status()).isEqualTo(409);

        Server.Answer shown = server.get("ana", ROOMS + "/my-room");
        assertThat(shown.status()).isEqualTo(200);
        assertThat(shown.text("owner")).isEqualTo("ana");
        assertThat(shown.text("status")).isEqualTo("active");

        assertThat(server.delete("ben", ROOMS + "/my-room").status()).isEqualTo(403);
        assertThat(server.delete("ana", ROOMS + "/my-room").status()).isEqualTo(204);
        assertThat(server.get("ana", ROOMS + "/my-room").text("status")).isEqualTo("closed");
        assertThat(server.delete("ana", ROOMS + "/my-room").status()).isEqualTo(410);
    }

    @Test
    void the_owner_invites_one_to_a_private_room_and_takes_them_out_again() {
        server.send("ana", "POST", ROOMS, "{\"room_id\":\"two\"}");
        String members = ROOMS + "/two/members/";
        assertThat(server.get("ben", ROOMS + "/two").status()).as("nobody has invited him").isEqualTo(403);
        Server.Answer invited = server.send("ana", "PUT", members + "ben", "");
        assertThat(invited.status()).isEqualTo(200);
        assertThat(invited.json().texts("participants").orElseThrow()).containsExactly("ana", "ben");
        Server.Answer third = server.send("ana", "PUT", members + "carla", "");
        assertThat(third.status()).isEqualTo(409);
        assertThat(third.text("code")).isEqualTo("ROOM_FULL");
        assertThat(server.send("ben", "PUT", members + "carla", "").status()).isEqualTo(403);
        assertThat(server.get("ben", ROOMS + "/two").status()).isEqualTo(200);
        assertThat(server.delete("ana", members + "ben").status()).isEqualTo(204);
        assertThat(server.get("ben", ROOMS + "/two").status()).isEqualTo(403);
    }

    @Test
    void what_is_wrong_is_refused_and_nothing_is_made() {
        assertThat(server.get("ana", ROOMS + "/nowhere").status()).isEqualTo(404);
        assertThat(server.get("ana", ROOMS + "/no%20id").status()).isEqualTo(400);
        for (String body : new String[] {
            "{\"room_id\":\"..%2F\"}", "{\"room_id\":7}", "{\"room_id\":\"r\",\"room_type\":\"open\"}",
            "{\"room_id\":\"r\",\"room_name\":[]}", "{\"room_id\":\"r\",\"participants\":[\"\"]}",
            "{\"room_id\":\"r\",\"participants\":\"ben\"}", "[]", "no json"
        }) {
            assertThat(server.send("ana", "POST", ROOMS, body).status()).as(body).isEqualTo(400);
        }
        assertThat(server.send(
                "ana", "POST", ROOMS, "{\"room_id\":\"r\",\"room_type\":\"private\",\"participants\":[\"a\",\"b\"]}")
                .text("code")).isEqualTo("ROOM_FULL");
        assertThat(server.send("ana", "POST", ROOMS, "{\"room_id\":\"ticket:1\"}").status()).isEqualTo(403);
        assertThat(server.get("ana", ROOMS + "/r").status()).isEqualTo(404);
    }

    @Test
    void only_administrators_see_who_is_connected() {
        assertThat(server.get("ana", "/api/v1/ws/stats").status()).isEqualTo(403);
        Server.Answer stats = server.get("root", "/api/v1/ws/stats");
        assertThat(stats.status()).isEqualTo(200);
        assertThat(stats.json().whole("total_connections")).hasValue(0);
        assertThat(stats.json().items("connections").orElseThrow()).isEmpty();
    }
}
