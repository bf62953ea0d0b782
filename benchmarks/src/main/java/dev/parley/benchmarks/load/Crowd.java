package dev.parley.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Many clients of one server, and what they have received. */
final class Crowd {

    /** So many handshakes are under way at once. */
    private static final int AT_ONCE = 64;

    private final Loop loop;
    private final List<Client> clients = new ArrayList<>();
    private long chunks;
    private long characters;
    private long ends;
    private long messages;

    /** One of them. */
    final class Client {
        private final Socket socket;
        private boolean connected;
        private boolean replied = true;
        private long asked;
        private long answered;
        private long ended;
        private Runnable whenAnswered = () -> {};

        private Client(int port, String path) throws IOException {
            this.socket = Socket.web(loop, port, path, this::received);
        }

        Socket socket() {
            return socket;
        }

        /** Whether the last reply it asked for has ended. */
        boolean replied() {
            return replied;
        }

        /** Sends something, and notes when its first chunk or its acknowledgement comes. */
        void ask(String frame) {
            asked = System.nanoTime();
            answered = 0;
            replied = false;
            socket.send(frame);
        }

        void whenAnswered(Runnable task) {
            whenAnswered = task;
        }

        /** How long the answer took to begin, in nanoseconds; 0 while it has not. */
        long waited() {
            return answered == 0 ? 0 : answered - asked;
        }

        /** How long the reply took from the question to its end, in nanoseconds. */
        long took() {
            return ended - asked;
        }

        private void received(Socket from, byte[] bytes, int offset, int length) {
            if (Bytes.starts(bytes, offset, length, Bytes.CHUNK)) {
                if (answered == 0) {
                    answer();
                }
                chunks++;
                characters += contentLength(bytes, offset, length);
            } else if (Bytes.starts(bytes, offset, length, Bytes.MESSAGE)) {
                messages++;
                whenMessage.run();
            } else if (Bytes.starts(bytes, offset, length, Bytes.END)) {
                ends++;
                ended = System.nanoTime();
                replied = true;
            } else if (Bytes.starts(bytes, offset, length, Bytes.ACK)) {
                answer();
            } else if (Bytes.starts(bytes, offset, length, Bytes.CONNECTED)) {
                connected = true;
            } else if (Bytes.starts(bytes, offset, length, Bytes.ERROR)) {
                throw new IllegalStateException(
                        "Expected no error, found " + new String(bytes, offset, length, StandardCharsets.UTF_8));
            }
        }

        private void answer() {
            answered = System.nanoTime();
            whenAnswered.run();
        }
    }

    private static final byte[] CONTENT = Bytes.ascii("\"content\":\"");
    private Runnable whenMessage = () -> {};

    Crowd(Loop loop) {
        this.loop = loop;
    }

    /** Words in the test scripts hold no escapes, so bytes are characters. */
    private static int contentLength(byte[] bytes, int offset, int length) {
        int begin = Bytes.find(bytes, offset, offset + length, CONTENT) + CONTENT.length;
        int end = begin;
        while (bytes[end] != '"') {
            end++;
        }
        return end - begin;
    }

    /** Connects {@code count} clients; {@code paths} says where each goes. */
    Crowd connect(int port, int count, IntFunction<String> paths) {
        try {
            for (int i = 0; i < count; i++) {
                clients.add(new Client(port, paths.apply(i)));
                if (i % AT_ONCE == AT_ONCE - 1 || i == count - 1) {
                    awaitConnected();
                }
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return this;
    }

    private void awaitConnected() {
        if (!loop.until(Duration.ofSeconds(60), () -> clients.getLast().connected && clients.stream()
                .skip(Math.max(0, clients.size() - AT_ONCE))
                .allMatch(client -> client.connected))) {
            Client stuck = clients.stream()
                    .filter(client -> !client.connected)
                    .findFirst()
                    .orElseThrow();
            throw new IllegalStateException("Expected to connect client " + clients.indexOf(stuck) + ", found "
                    + stuck.socket.refusal());
        }
    }

    List<Client> clients() {
        return clients;
    }

    void whenMessage(Runnable task) {
        whenMessage = task;
    }

    long chunks() {
        return chunks;
    }

    /** Words received, whatever frames they came in. */
    double words() {
        return (double) characters / dev.parley.benchmarks.peer.Script.WORD.length();
    }

    long ends() {
        return ends;
    }

    long messages() {
        return messages;
    }

    void leave() {
        clients.forEach(client -> client.socket.cut());
    }
}
