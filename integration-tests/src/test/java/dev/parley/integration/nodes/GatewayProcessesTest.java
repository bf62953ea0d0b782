package dev.parley.integration.nodes;

import dev.parley.integration.NodeScript;
import dev.parley.testkit.llm.ScriptedOllama;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stock client of Socket.IO over two real servers, one of which is killed under it. */
class GatewayProcessesTest {

    private static final String SECRET = "a secret that both servers of this test have";

    @TempDir
    Path folder;

    @Test
    void who_was_on_a_server_that_is_killed_goes_on_at_the_other_with_nothing_lost_or_doubled() throws Exception {
        NodeScript.isThere();
        String name = ClusterServers.name();
        try (HttpClient http = HttpClient.newHttpClient();
                ScriptedOllama model = ScriptedOllama.start().actAlways(TwoServersTest.answer());
                NodeProcess here = start("here", name, model, http);
                NodeProcess there = start("there", name, model, http)) {
            List.of(here, there).forEach(NodeProcess::awaitReady);
            List<String> tokens = new ArrayList<>();
            for (String person : List.of("ana", "ben", "cy")) {
                tokens.add("\"" + person + "\":\"" + TwoServersTest.token(person, SECRET) + "\"");
            }
            NodeScript.passes(
                    folder.resolve("output"),
                    "gateway-nodes.spec.mjs",
                    Map.of(
                            "HERE", here.address().toString(),
                            "THERE", there.address().toString(),
                            "PID", String.valueOf(here.pid()),
                            "TOKENS", "{" + String.join(",", tokens) + "}"));
        }
    }

    private NodeProcess start(String folderName, String name, ScriptedOllama model, HttpClient http) throws Exception {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("MONGODB_URI", ClusterServers.mongo() + "/" + name);
        environment.put("REDIS_URL", ClusterServers.redis().address() + "?prefix=" + name + ":");
        environment.put("JWT_SECRET", SECRET);
        environment.put("OLLAMA_SERVER", model.address().toString());
        environment.put("LOG_LEVEL", "warn");
        return NodeProcess.start(folder.resolve(folderName), environment, http);
    }
}
