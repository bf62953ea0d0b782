package dev.parley.testkit.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** A port of this machine for a program that must be told one. */
public final class FreePort {

    /**
     * Below what systems give to connections of their own accord, so that nobody else gets it before the program does, or between
     * two starts; so are those 10,000 higher, which programs like Redis take too.
     */
    private static final int FIRST = 15_000;
    private static final int LAST = 21_999;

    private FreePort() {}

    /** One at which nobody listens just now. */
    public static int find() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                // Another one, then: there are thousands.
            }
        }
    }
}
