package dev.parley.adapter.websocket;

import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.EmptyCompletionHandler;
import org.glassfish.grizzly.nio.NIOConnection;
import org.glassfish.grizzly.nio.NIOTransport;

/** Runs things on the thread that reads for a connection, once it has nothing else to do. */
final class Selectors {

    private Selectors() {}

    static void run(Connection<?> network, Runnable task) {
        NIOConnection connection = (NIOConnection) network;
        ((NIOTransport) connection.getTransport())
                .getSelectorHandler()
                .enque(
                        connection.getSelectorRunner(),
                        () -> {
                            task.run();
                            return true;
                        },
                        new EmptyCompletionHandler<>());
    }
}
