package dev.parley.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Many clients of Socket.IO, each in one session, and what they have received. */
final class GatewayCrowd {

    private static final int AT_ONCE = 64;
    private static final byte[] OPEN = Bytes.ascii("0{");
    private static final byte[] PING = Bytes.ascii("2");
    private static final byte[] CONNECTED = Bytes.ascii("40/chat,");
    private static final byte[] JOINED = Bytes.ascii("43/chat,0[{\"success\":true");
    private static final byte[] CHUNK = Bytes.ascii("42/chat,[\"stream:chunk\"");
    private static final byte[] COMPLETE = Bytes.ascii("42/chat,[\"stream:complete\"");
    private static final byte[] MESSAGE = Bytes.ascii("42/chat,[\"message:new\"");
    private static final byte[] SID = Bytes.ascii("\"sid\":\"");
    private static final byte[] REFUSED = Bytes.ascii("44/chat,");
    private static final String ADDRESS = "/socket.io/?EIO=4&transport=";

    private final Loop loop;
    private final List<Client> clients = new ArrayList<>();
    private long chunks;
    private long ends;
    private long messages;
    private Runnable whenMessage = () -> {};

    GatewayCrowd(Loop loop) {
        this.loop = loop;
    }

    /** One of them. */
    abstract static class Client {
        final String user;
        final String session;
        boolean joined;

        Client(String user, String session) {
            this.user = user;
            this.session = session;
        }

        String connect() {
            return "40/chat,{\"userId\":\"" + user + "\",\"token\":\"" + user + "\"}";
        }

        String join() {
            return "42/chat,0[\"session:join\",{\"sessionId\":\"" + session + "\"}]";
        }

        abstract Socket socket();
    }

    /** Over a WebSocket from the beginning. */
    private final class Web extends Client {
        private final Socket socket;

        Web(String user, String session, int port) throws IOException {
            super(user, session);
            socket = Socket.web(loop, port, ADDRESS + "websocket", this::received);
        }

        @Override
        Socket socket() {
            return socket;
        }

        private void received(Socket from, byte[] bytes, int offset, int length) {
            if (Bytes.starts(bytes, offset, length, CHUNK)) {
                chunks++;
            } else if (Bytes.starts(bytes, offset, length, MESSAGE)) {
                messages++;
                whenMessage.run();
            } else if (Bytes.starts(bytes, offset, length, COMPLETE)) {
                ends++;
            } else if (Bytes.starts(bytes, offset, length, OPEN)) {
                from.send(connect());
            } else if (Bytes.starts(bytes, offset, length, CONNECTED)) {
                from.send(join());
            } else if (Bytes.starts(bytes, offset, length, JOINED)) {
                joined = true;
            } else if (Bytes.starts(bytes, offset, length, REFUSED)) {
                throw refused(bytes, offset, length);
            } else if (length == 1 && Bytes.starts(bytes, offset, length, PING)) {
                from.send("3");
            }
        }
    }

    /** Over polls, on one connection that is kept: a handshake, a post for each of two packets, then polls. */
    private final class Polling extends Client {
        private final StringBuilder answer = new StringBuilder();
        private final Socket socket;
        private final int port;
        private String address = "";
        private int posts;

        Polling(String user, String session, int port) throws IOException {
            super(user, session);
            this.port = port;
            this.socket = Socket.plain(loop, port, get(ADDRESS + "polling"), this::received);
        }

        @Override
        Socket socket() {
            return socket;
        }

        private String get(String path) {
            return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n";
        }

        private String post(String packet) {
            return "POST " + address + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nContent-Type: text/plain;charset=UTF-8"
                    + "\r\nContent-Length: " + packet.length() + "\r\n\r\n" + packet;
        }

        private void received(Socket from, byte[] bytes, int offset, int length) {
            answer.append(new String(bytes, offset, length, StandardCharsets.ISO_8859_1));
            int head = answer.indexOf("\r\n\r\n");
            if (head < 0) {
                return;
            }
            int announced = contentLength(answer.substring(0, head));
            if (answer.length() - head - 4 < announced) {
                return;
            }
            String body = answer.substring(head + 4);
            answer.setLength(0);
            if (body.startsWith("0{")) {
                byte[] packet = body.getBytes(StandardCharsets.ISO_8859_1);
                address = ADDRESS + "polling&sid=" + Bytes.text(packet, 0, packet.length, SID);
                from.sendPlain(post(connect()));
            } else if (body.equals("ok") && posts++ == 0) {
                from.sendPlain(post(join()));
            } else {
                joined |= body.contains("43/chat,0[{\"success\":true");
                from.sendPlain(get(address));
            }
        }

        private static int contentLength(String head) {
            for (String line : head.split("\r\n", -1)) {
                if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                    return Integer.parseInt(line.substring(15).strip());
                }
            }
            return 0;
        }
    }

    /** Connects {@code count} clients; {@code sessions} says which each joins. */
    GatewayCrowd connect(int port, int count, boolean polling, IntFunction<String> sessions) {
        try {
            int first = clients.size();
            for (int i = 0; i < count; i++) {
                String user = "u" + (first + i);
                clients.add(
                        polling
                                ? new Polling(user, sessions.apply(i), port)
                                : new Web(user, sessions.apply(i), port));
                if (i % AT_ONCE == AT_ONCE - 1 || i == count - 1) {
                    awaitJoined();
                }
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return this;
    }

    private void awaitJoined() {
        List<Client> latest = clients.subList(Math.max(0, clients.size() - AT_ONCE), clients.size());
        if (!loop.until(Duration.ofSeconds(60), () -> latest.stream().allMatch(client -> client.joined))) {
            Client stuck = latest.stream().filter(client -> !client.joined).findFirst().orElseThrow();
            throw new IllegalStateException("Expected " + stuck.user + " to join, found " + stuck.socket().refusal());
        }
    }

    private static IllegalStateException refused(byte[] bytes, int offset, int length) {
        return new IllegalStateException(
                "Expected to be let in, found " + new String(bytes, offset, length, StandardCharsets.UTF_8));
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

    long ends() {
        return ends;
    }

    long messages() {
        return messages;
    }

    void leave() {
        clients.forEach(client -> client.socket().cut());
    }
}
