package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.bootstrap.Parley;
import dev.parley.bootstrap.ParleyBuilder;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.access.Verification;
import dev.parley.domain.session.Session;
import dev.parley.integration.AccessTable.Action;
import dev.parley.integration.AccessTable.Place;
import dev.parley.integration.AccessTable.Role;
import dev.parley.protocols.json.JsonObject;
import dev.parley.testkit.llm.ModelStep;
import dev.parley.testkit.llm.ScriptedModel;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may do what is the same on every protocol: each cell of the table is tried on each. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessTest {

    private final HttpClient http = HttpClient.newHttpClient();
    private final AccessTable table = new AccessTable();
    private Path folder;
    private Parley parley;
    private Map<String, AccessClient> clients;

    @BeforeAll
    void begin(@TempDir Path place) {
        folder = place;
        parley = server("data").set("TICKET_ROLES", "helpdesk").verifier(AccessTest::verify).build();
        clients = clients(parley.url());
    }

    private Map<String, AccessClient> clients(URI server) {
        AccessByRequests.Rest rest = new AccessByRequests.Rest(http, server);
        Map<String, AccessClient> all = new LinkedHashMap<>();
        all.put("rest", rest);
        all.put("chat module", new AccessByRequests.Module(rest));
        all.put("chat", new AccessBySockets.Chat(http, server));
        all.put("fallback", new AccessByRequests.Fallback(rest));
        all.put("rooms", new AccessBySockets.Rooms(http, server));
        all.put("rooms without a socket", new AccessByRequests.RoomsRest(rest));
        all.put("topics", new AccessBySockets.Topics(http, server));
        all.put("gateway", new AccessBySockets.Gateway(http, server));
        all.put("ticket", new AccessBySockets.Ticket(http, server));
        return all;
    }

    private ParleyBuilder server(String data) {
        ScriptedModel model = ScriptedModel.named("llama:latest")
                .scriptAll(prompt -> prompt.turns().getLast().content().contains(AccessScene.ENDLESS)
                        ? List.of(ModelStep.say("And so on"))
                        : List.of(ModelStep.say("Like this"), ModelStep.end()));
        return Parley.builder()
                .dataFolder(folder.resolve(data))
                .set("PORT", "0")
                .set("MAX_CONCURRENT_STREAMS", "1000")
                .set("RATE_LIMIT_MESSAGES_PER_MINUTE", "off")
                .set("REST_RATE_LIMIT", "off")
                .set("WS_RATE_LIMIT_REQUESTS", "off")
                .set("WS_THROTTLE_LIMIT", "off")
                .set("WEBSOCKET_MAX_CONNECTIONS_PER_USER", "off")
                .models(model, model);
    }

    /** A token is its user's name and roles. */
    private static Verification verify(String token) {
        String[] words = token.split("~", -1);
        String[] roles = List.of(words).subList(1, words.length).toArray(String[]::new);
        return new Verification.Verified(Principal.trusted(new UserId(words[0]), roles));
    }

    @AfterAll
    void end() {
        parley.close();
        http.close();
    }

    List<Arguments> rows() {
        List<Arguments> rows = new ArrayList<>();
        clients.forEach((protocol, client) -> {
            for (Place place : client.places()) {
                for (Role role : Role.values()) {
                    rows.add(Arguments.of(protocol, place, role));
                }
            }
        });
        return rows;
    }

    @ParameterizedTest(name = "{0}, {1}: {2}")
    @MethodSource("rows")
    void a_row_of_the_table_holds(String protocol, Place place, Role role) throws Exception {
        AccessClient client = clients.get(protocol);
        Map<Action, Boolean> promised = new EnumMap<>(Action.class);
        Map<Action, Boolean> found = new EnumMap<>(Action.class);
        for (Action action : client.actions()) {
            Optional<Boolean> cell = table.allowed(place, role, action, client.enters(action));
            if (cell.isPresent()) {
                promised.put(action, cell.get());
                found.put(action, tried(client, place, role, action));
            }
        }
        assertThat(found).isEqualTo(promised);
    }

    /** Whether it was allowed, by what was answered; what the session says must agree. */
    private boolean tried(AccessClient client, Place place, Role role, Action action) throws Exception {
        try (AccessScene scene = AccessScene.set(parley.engine(), place, role, action)) {
            boolean wasMember = scene.isMember(role);
            long before = scene.now().orElseThrow().position();
            boolean allowed = client.does(scene, role, action);
            Optional<Session> after = scene.now();
            String what = "%s by %s, %s".formatted(action, role, allowed ? "allowed" : "refused");
            if (allowed && action.writes()) {
                assertThat(after.map(Session::position)).as(what).isNotEqualTo(Optional.of(before));
            }
            boolean joins = !wasMember && scene.isMember(role);
            if (!allowed && !joins) {
                assertThat(after.map(Session::position)).as(what).contains(before);
            }
            if (joins) {
                assertThat(role).as("who becomes a member by " + what).isEqualTo(Role.STRANGER);
                assertThat(place).as("where one becomes a member by " + what).isEqualTo(Place.SHARED);
            }
            return allowed;
        }
    }

    /** Whoever may not come in is told so and sent away for good. */
    static void refusedAtTheDoor(Frames frames) throws Exception {
        assertThat(frames.closeCode()).isEqualTo(4501);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void only_administrators_run_the_server(Role role) throws Exception {
        AccessByRequests.Rest rest = new AccessByRequests.Rest(http, parley.url());
        boolean admin = role == Role.ADMIN;
        assertThat(rest.asks(role, "GET", "/api/admin/stats", "")).isEqualTo(admin);
        assertThat(rest.asks(role, "POST", "/api/admin/announcements", "{'message':'Lunch'}")).isEqualTo(admin);
        assertThat(rest.asks(role, "POST", "/api/admin/revocations", "{'user_id':'nobody'}")).isEqualTo(admin);
        assertThat(rest.asks(role, "POST", "/api/admin/revocations", "{'token_id':'none'}")).isEqualTo(admin);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void only_services_and_administrators_publish_and_say_who_is_told(Role role) throws Exception {
        AccessByRequests.Rest rest = new AccessByRequests.Rest(http, parley.url());
        boolean publishes = role == Role.SERVICE || role == Role.ADMIN;
        String topic = "/api/investigations/by-" + role.user();
        assertThat(rest.asks(role, "POST", topic + "/updates", "{'update_type':'progress','data':{'percent':4}}"))
                .isEqualTo(publishes);
        assertThat(rest.asks(role, "POST", topic + "/anomalies", "{'description':'Odd'}")).isEqualTo(publishes);
        assertThat(rest.asks(role, "PUT", topic, "{'audience':['member']}")).isEqualTo(publishes);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void an_investigation_is_open_to_everybody_until_it_has_an_audience(Role role) throws Exception {
        AccessByRequests.Rest rest = new AccessByRequests.Rest(http, parley.url());
        String topic = "for-" + role.user();
        assertThat(Frames.type(first(topic, role))).isEqualTo("connection");
        rest.asks(Role.SERVICE, "PUT", "/api/investigations/" + topic, "{'audience':['member']}");
        boolean told = role == Role.MEMBER || role == Role.ADMIN;
        assertThat(Frames.type(first(topic, role))).isEqualTo(told ? "connection" : "error");
    }

    private JsonObject first(String topic, Role role) throws Exception {
        URI address = URI.create("ws" + parley.url().toString().substring(4) + "/ws/investigations/" + topic + "?token="
                + role.token());
        try (Frames frames = Frames.connect(http, address)) {
            return frames.next(any -> true, "the first envelope");
        }
    }

    @ParameterizedTest
    @EnumSource(Place.class)
    void how_a_reply_stands_is_for_those_who_may_come_in(Place place) throws Exception {
        AccessByRequests.Rest rest = new AccessByRequests.Rest(http, parley.url());
        for (Role role : Role.values()) {
            Optional<Boolean> promised = table.allowed(place, role, Action.HISTORY, false);
            if (promised.isPresent()) {
                try (AccessScene scene = AccessScene.set(parley.engine(), place, role, Action.STOP)) {
                    String stream = "/api/chat/streams/" + newestReply(rest, scene);
                    assertThat(rest.asks(role, "GET", stream + "/status", "")).as(role.user()).isEqualTo(promised.get());
                    assertThat(rest.asks(role, "GET", stream + "/metrics", "")).as(role.user()).isEqualTo(promised.get());
                }
            }
        }
    }

    private static String newestReply(AccessByRequests.Rest rest, AccessScene scene) throws Exception {
        String history = "/api/chat/sessions/" + scene.session() + "/messages";
        return Frames.parsed(rest.answer(Role.ADMIN.token(), "GET", history, "").body())
                .items("messages")
                .orElseThrow()
                .stream()
                .map(JsonObject.class::cast)
                .filter(message -> message.requiredText("role").equals("assistant"))
                .reduce((first, second) -> second)
                .orElseThrow()
                .requiredText("id");
    }

    @Test
    void the_highest_of_a_person_s_rights_counts() throws Exception {
        AccessByRequests.Rest rest = new AccessByRequests.Rest(http, parley.url());
        try (AccessScene scene = AccessScene.set(parley.engine(), Place.PRIVATE, Role.OWNER, Action.RENAME)) {
            String session = "/api/chat/sessions/" + scene.session();
            assertThat(rest.answer("owner~service", "PATCH", session, "{'title':'Mine'}").statusCode()).isEqualTo(200);
            assertThat(rest.answer("member~service", "GET", session, "").statusCode()).isEqualTo(200);
            assertThat(rest.answer("member~admin", "PATCH", session, "{'title':'Ours'}").statusCode()).isEqualTo(200);
            assertThat(rest.answer("service~service~admin", "GET", session, "").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void a_private_session_has_two_seats_however_a_third_is_asked_for() throws Exception {
        AccessByRequests.Rest rest = new AccessByRequests.Rest(http, parley.url());
        try (AccessScene scene = AccessScene.set(parley.engine(), Place.PRIVATE, Role.OWNER, Action.RENAME)) {
            String invite = "/api/chat/sessions/" + scene.session() + "/members/" + scene.guest();
            for (Role role : List.of(Role.OWNER, Role.ADMIN)) {
                var answer = rest.answer(role.token(), "PUT", invite, "");
                assertThat(answer.statusCode()).isEqualTo(409);
                assertThat(Frames.parsed(answer.body()).text("code")).contains("ROOM_FULL");
            }
        }
        var made = rest.answer(
                Role.OWNER.token(), "POST", "/api/chat/sessions", "{'visibility':'private','members':['ann','bob']}");
        assertThat(Frames.parsed(made.body()).text("code")).contains("ROOM_FULL");
    }

    @Test
    void that_a_session_exists_is_no_secret_and_what_is_in_it_is() throws Exception {
        AccessByRequests.Rest rest = new AccessByRequests.Rest(http, parley.url());
        String stranger = Role.STRANGER.token();
        assertThat(rest.answer(stranger, "GET", "/api/chat/sessions/nowhere", "").statusCode()).isEqualTo(404);
        try (AccessScene scene = AccessScene.set(parley.engine(), Place.PRIVATE, Role.OWNER, Action.RENAME)) {
            assertThat(rest.answer(stranger, "GET", "/api/chat/sessions/" + scene.session(), "").statusCode())
                    .isEqualTo(403);
            var hidden = rest.answer(stranger, "GET", "/api/chat/messages/" + scene.own(Role.OWNER), "");
            var absent = rest.answer(stranger, "GET", "/api/chat/messages/nothing", "");
            assertThat(hidden.statusCode()).isEqualTo(404);
            assertThat(hidden.body().replace(scene.own(Role.OWNER), "nothing")).isEqualTo(absent.body());
        }
    }

    /** Who somebody is over Socket.IO that says who they are and cannot prove it. */
    private String anonymous(URI server, String browser) throws Exception {
        String auth = "{\"userId\":\"owner\",\"clientId\":\"" + browser + "\"}";
        try (ChatSocket chat = ChatSocket.connect(http, server, auth)) {
            JsonObject hello = chat.next("connection:success", any -> true);
            assertThat(hello.truth("anonymous")).contains(true);
            assertThat(hello.requiredText("userId")).isNotEqualTo("owner");
            return hello.requiredText("userId");
        }
    }

    @Test
    void who_needs_no_token_counts_as_signed_in_where_that_is_allowed() throws Exception {
        try (Parley open = server("open").set("AUTH_MODE", "optional").build()) {
            AccessByRequests.Rest rest = new AccessByRequests.Rest(http, open.url());
            try (AccessScene scene = AccessScene.set(open.engine(), Place.SHARED, Role.OWNER, Action.ENTER)) {
                assertThat(rest.answer("", "GET", "/api/chat/sessions/" + scene.session(), "").statusCode()).isEqualTo(200);
            }
            try (AccessScene scene = AccessScene.set(open.engine(), Place.PRIVATE, Role.OWNER, Action.ENTER)) {
                assertThat(rest.answer("", "GET", "/api/chat/sessions/" + scene.session(), "").statusCode()).isEqualTo(403);
            }
            try (AccessScene scene = AccessScene.set(open.engine(), Place.TICKET, Role.MEMBER, Action.ENTER)) {
                assertThat(rest.answer("", "GET", "/api/websocket/chat/" + scene.ticket(), "").statusCode()).isEqualTo(200);
                assertThat(rest.answer("", "DELETE", "/api/chat/sessions/" + scene.session(), "").statusCode()).isEqualTo(403);
            }
            assertThat(rest.answer("forged", "GET", "/api/chat/quota", "").statusCode()).isEqualTo(401);
            assertThat(anonymous(open.url(), "browser-1")).isEqualTo(anonymous(open.url(), "browser-1"));
            assertThat(anonymous(open.url(), "browser-1")).isNotEqualTo(anonymous(open.url(), "browser-2"));
            try (ChatSocket forged = ChatSocket.connect(http, open.url(), "{\"token\":\"forged\"}")) {
                assertThat(forged.next("refused", any -> true).object("data").flatMap(data -> data.text("code")))
                        .contains("UNAUTHORIZED");
            }
        }
    }
}
