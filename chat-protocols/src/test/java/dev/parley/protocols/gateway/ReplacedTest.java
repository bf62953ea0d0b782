package dev.parley.protocols.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocols.json.JsonReader;
import dev.parley.protocols.json.JsonReading;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A client that comes back before its old connection is known to be dead. */
class ReplacedTest {

    private final GatewayClient.Halls halls = new GatewayClient.Halls();

    @Test
    void the_old_connection_ends_and_the_new_one_stays() {
        GatewayClient first = new GatewayClient(halls, Map.of(), false);
        first.send("40/chat,{\"token\":\"…\"}");
        String pid = pid(first);
        assertThat(first.overdue()).isFalse();
        GatewayClient second = back(pid);
        assertThat(pid(second)).isEqualTo(pid);
        assertThat(first.overdue()).isTrue();
        assertThat(second.overdue()).isFalse();
        first.cut();
        GatewayClient third = back(pid);
        assertThat(second.overdue()).as("after the first is gone too").isTrue();
        assertThat(third.overdue()).isFalse();
    }

    @Test
    void who_left_and_comes_in_again_on_the_same_connection_stays() {
        GatewayClient client = new GatewayClient(halls, Map.of(), false);
        client.send("40/chat,{\"token\":\"…\"}");
        String pid = pid(client);
        client.send("41/chat,");
        client.send("40/chat,{\"token\":\"…\",\"pid\":\"" + pid + "\"}");
        assertThat(pid(client)).isEqualTo(pid);
        assertThat(client.overdue()).isFalse();
    }

    private GatewayClient back(String pid) {
        GatewayClient client = new GatewayClient(halls, Map.of(), false);
        client.send("40/chat,{\"token\":\"…\",\"pid\":\"" + pid + "\"}");
        return client;
    }

    private static String pid(GatewayClient client) {
        String connected = client.take().getFirst().substring("40/chat,".length());
        return JsonReader.STANDARD.read(connected.getBytes(StandardCharsets.UTF_8)) instanceof JsonReading.Read read
                ? read.object().requiredText("pid")
                : "";
    }
}
