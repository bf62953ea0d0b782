package dev.parley.benchmarks.load;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Measures servers under load and prints tables in Markdown. */
public final class LoadCommand {

    private static final String USAGE =
            """
            load [scenario …] [--option value …]
            scenarios: paced saturated fan-out idle sends first-word end-to-end end-to-end-saturated cut start
                       socketio-fan-out socketio-paced socketio-idle redis-time redis-use (default: all)
            options:   --reps 3 --passes 1 --seconds 5 --scale 1 --server-core N --model-core N --peers folder --jvm "options"
                       --only parley (or parley_coalescing parley_ollama netty tyrus node_ws node_proxy node_socketio)
            """;

    private LoadCommand() {}

    public static void run(List<String> arguments, PrintStream out) {
        Map<String, Supplier<Scenario>> known = known();
        List<Supplier<Scenario>> wanted = new ArrayList<>();
        Map<String, String> named = new HashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            String word = arguments.get(i);
            if (word.startsWith("--") && i + 1 < arguments.size()) {
                named.put(word.substring(2), arguments.get(++i));
                continue;
            }
            Supplier<Scenario> scenario = known.get(word);
            if (scenario != null) {
                wanted.add(scenario);
            } else {
                out.println("Expected a scenario or an option, found " + word + "\n" + USAGE);
                return;
            }
        }
        Options options = Options.read(named);
        try (ServerProcess model = Target.model(options)) {
            for (Supplier<Scenario> scenario : wanted.isEmpty() ? known.values() : wanted) {
                scenario.get().measure(options, model).print(out);
            }
        }
    }

    private static Map<String, Supplier<Scenario>> known() {
        Map<String, Supplier<Scenario>> known = new LinkedHashMap<>();
        known.put("paced", StreamLoad::paced);
        known.put("saturated", StreamLoad::saturated);
        known.put("fan-out", FanOutLoad::new);
        known.put("idle", () -> new IdleLoad(List.of(5000, 10_000)));
        known.put("sends", SendLoad::new);
        known.put("first-word", FirstTokenLoad::new);
        known.put("end-to-end", StreamLoad::endToEnd);
        known.put("end-to-end-saturated", StreamLoad::endToEndSaturated);
        known.put("cut", CutLoad::new);
        known.put("start", StartLoad::new);
        known.put("socketio-fan-out", GatewayLoad::fanOut);
        known.put("socketio-paced", GatewayLoad::paced);
        known.put("socketio-idle", GatewayLoad::idle);
        known.put("redis-time", RedisTimeLoad::new);
        known.put("redis-use", RedisUseLoad::new);
        return known;
    }
}
