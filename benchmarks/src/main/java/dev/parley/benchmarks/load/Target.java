package dev.parley.benchmarks.load;

import dev.parley.application.EngineSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A server that can be measured: how it is started. */
enum Target {
    /** Parley with a model inside the process, sending every word at once. */
    PARLEY("Parley, each word a frame"),
    /** Parley as it is shipped: words that come close together share a frame. */
    PARLEY_COALESCING("Parley as shipped, 40 ms window"),
    /** Parley with a model's server in another process. */
    PARLEY_OLLAMA("Parley"),
    /** The system's calls alone, each word a frame. */
    FLOOR("Floor: writes alone, each word a frame"),
    /** The system's calls alone, with as many words to a frame as the window gives at 50 a second. */
    FLOOR_COALESCING("Floor: writes alone, 3 words a frame"),
    /** The system's calls alone: words are read from a model's server and written. */
    FLOOR_PROXY("Floor: reads and writes alone, 3 words a frame"),
    TYRUS("Tyrus + Grizzly, default"),
    NETTY("Netty, plain"),
    NODE_WS("Node ws"),
    NODE_PROXY("Node proxy, stores nothing"),
    NODE_SOCKETIO("Node socket.io, stores nothing");

    private static final String SHIPPED_WINDOW =
            Long.toString(EngineSettings.DEFAULT.coalesce().toMillis());

    private final String label;

    Target(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    boolean parley() {
        return this == PARLEY || this == PARLEY_COALESCING || this == PARLEY_OLLAMA;
    }

    ServerProcess start(Options options, int modelPort) {
        String model = "http://127.0.0.1:" + modelPort;
        return ServerProcess.start(options.serverCores(), switch (this) {
            case PARLEY -> java(options, "serve-parley", "inside", "0");
            case PARLEY_COALESCING -> java(options, "serve-parley", "inside", SHIPPED_WINDOW);
            case PARLEY_OLLAMA -> java(options, "serve-parley", model, SHIPPED_WINDOW);
            case FLOOR -> java(options, "serve-floor", "inside", "1");
            case FLOOR_COALESCING -> java(options, "serve-floor", "inside", "3");
            case FLOOR_PROXY -> java(options, "serve-floor", model, "3");
            case TYRUS -> java(options, "serve-tyrus");
            case NETTY -> java(options, "serve-netty");
            case NODE_WS -> node(options, "stream.mjs");
            case NODE_PROXY -> node(options, "proxy.mjs", model);
            case NODE_SOCKETIO -> node(options, "socketio.mjs");
        });
    }

    static ServerProcess model(Options options) {
        return ServerProcess.start(options.modelCore(), java(options, "serve-model"));
    }

    /** The whole server on a Redis, or without one where there is no address. */
    static ServerProcess whole(Options options, String redis) {
        return ServerProcess.start(options.serverCores(), java(options, "serve-whole", redis));
    }

    private static List<String> java(Options options, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options.jvm());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of("-cp", options.classPath(), "dev.parley.benchmarks.Main"));
        command.addAll(List.of(arguments));
        return command;
    }

    private static List<String> node(Options options, String script, String... arguments) {
        List<String> command = new ArrayList<>(List.of("node", options.peers().resolve(script).toString()));
        command.addAll(List.of(arguments));
        return command;
    }
}
