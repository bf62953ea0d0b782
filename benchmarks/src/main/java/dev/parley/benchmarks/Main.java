package dev.parley.benchmarks;

import dev.parley.benchmarks.load.LoadCommand;
import dev.parley.benchmarks.peer.FloorPeer;
import dev.parley.benchmarks.peer.ModelServer;
import dev.parley.benchmarks.peer.NettyPeer;
import dev.parley.benchmarks.peer.ParleyPeer;
import dev.parley.benchmarks.peer.TyrusPeer;
import dev.parley.benchmarks.peer.WholePeer;
import java.util.List;

/** The door to everything that is measured here, and to the processes that are measured. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        List<String> rest = List.of(arguments).subList(Math.min(1, arguments.length), arguments.length);
        switch (arguments.length == 0 ? "" : arguments[0]) {
            case "load" -> LoadCommand.run(rest, System.out);
            case "jmh" -> org.openjdk.jmh.Main.main(rest.toArray(String[]::new));
            case "serve-parley" -> ParleyPeer.run(rest.get(0), Long.parseLong(rest.get(1)));
            case "serve-whole" -> WholePeer.run(rest.get(0));
            case "serve-floor" -> FloorPeer.run(rest.get(0), Integer.parseInt(rest.get(1)));
            case "serve-tyrus" -> TyrusPeer.run();
            case "serve-netty" -> NettyPeer.run();
            case "serve-model" -> ModelServer.run();
            default -> System.out.println("Expected jmh or load");
        }
    }
}
