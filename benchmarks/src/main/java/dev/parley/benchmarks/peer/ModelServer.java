package dev.parley.benchmarks.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Ollama's {@code /api/chat} and {@code /api/tags} as far as clients of a stream need them, with scripted answers: as many words
 * as the question says, at its rate. One thread for all, so that it takes little from what is measured.
 */
public final class ModelServer {

    private static final byte[] LINE = chunk("{\"model\":\"bench:latest\",\"created_at\":\"2026-11-21T12:00:00.123456789Z\","
            + "\"message\":{\"role\":\"assistant\",\"content\":\"" + Script.WORD + "\"},\"done\":false}\n");
    private static final byte[] LAST = chunk("{\"model\":\"bench:latest\",\"created_at\":\"2026-11-21T12:00:00.123456789Z\","
            + "\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":3,"
            + "\"eval_count\":5}\n");
    private static final byte[] END = ascii("0\r\n\r\n");
    private static final byte[] HEAD =
            ascii("HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n");
    private static final String TAGS = "{\"models\":[{\"name\":\"bench:latest\",\"model\":\"bench:latest\",\"size\":1,"
            + "\"details\":{\"family\":\"bench\",\"parameter_size\":\"1B\"}}]}";
    /** A race is written in pieces of so many lines. */
    private static final int AT_ONCE = 64;

    private final Selector selector;
    private final ServerSocketChannel listener;
    private final byte[] in = new byte[1 << 18];
    private final PriorityQueue<Client> due = new PriorityQueue<>(Comparator.comparingLong(client -> client.next));

    private static final class Client {
        private final SocketChannel channel;
        private final SelectionKey key;
        private final ByteBuffer out = ByteBuffer.allocate(32 * 1024);
        private final StringBuilder request = new StringBuilder();
        private int left;
        private boolean answering;
        private long period;
        private long next;

        Client(SocketChannel channel, Selector selector) throws IOException {
            this.channel = channel;
            this.key = channel.register(selector, SelectionKey.OP_READ, this);
        }
    }

    private ModelServer() throws IOException {
        selector = Selector.open();
        listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4096);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    public static void run() throws IOException {
        ModelServer server = new ModelServer();
        Ready.say(server.port());
        server.serve();
    }

    /** Serves on a thread of its own until the process ends. */
    public static int background() throws IOException {
        ModelServer server = new ModelServer();
        Thread.ofPlatform().daemon().name("model").start(() -> {
            try {
                server.serve();
            } catch (IOException broken) {
                throw new java.io.UncheckedIOException(broken);
            }
        });
        return server.port();
    }

    private int port() {
        return listener.socket().getLocalPort();
    }

    private void serve() throws IOException {
        while (true) {
            Client first = due.peek();
            long wait = first == null ? 100_000_000L : first.next - System.nanoTime();
            if (wait < 1_000_000) {
                selector.selectNow();
            } else {
                selector.select(wait / 1_000_000);
            }
            for (SelectionKey key : selector.selectedKeys()) {
                ready(key);
            }
            selector.selectedKeys().clear();
            tick(System.nanoTime());
        }
    }

    private void ready(SelectionKey key) throws IOException {
        if (key.isAcceptable()) {
            SocketChannel channel = listener.accept();
            if (channel != null) {
                channel.configureBlocking(false);
                channel.socket().setTcpNoDelay(true);
                new Client(channel, selector);
            }
            return;
        }
        Client client = (Client) key.attachment();
        try {
            if (key.isReadable()) {
                read(client);
            } else if (key.isWritable()) {
                key.interestOps(SelectionKey.OP_READ);
                write(client);
            }
        } catch (IOException gone) {
            drop(client);
        }
    }

    private void drop(Client client) throws IOException {
        due.remove(client);
        client.left = 0;
        client.answering = false;
        client.channel.close();
    }

    private void read(Client client) throws IOException {
        int count = client.channel.read(ByteBuffer.wrap(in));
        if (count < 0) {
            drop(client);
            return;
        }
        client.request.append(new String(in, 0, count, StandardCharsets.UTF_8));
        int body = client.request.indexOf("\r\n\r\n") + 4;
        if (body < 4 || !whole(client.request, body)) {
            return;
        }
        String request = client.request.toString();
        client.request.setLength(0);
        if (request.startsWith("POST /api/chat")) {
            Script script = Script.in(request.substring(body));
            client.left = Math.max(1, script.words());
            client.answering = true;
            client.period = script.rate() == 0 ? 0 : 1_000_000_000L / script.rate();
            client.next = System.nanoTime();
            client.out.put(HEAD);
            if (client.period == 0) {
                write(client);
            } else {
                due.add(client);
            }
        } else {
            client.out.put(ascii("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + TAGS.length()
                    + "\r\n\r\n" + TAGS));
            write(client);
        }
    }

    private static boolean whole(StringBuilder request, int body) {
        int length = request.indexOf("ontent-length:");
        length = length < 0 ? request.indexOf("ontent-Length:") : length;
        if (length < 0) {
            return request.indexOf("hunked") < 0 || request.indexOf("0\r\n\r\n", body) >= 0;
        }
        String digits = request.substring(length + 14, request.indexOf("\r", length)).strip();
        return request.length() - body >= Integer.parseInt(digits);
    }

    private void tick(long now) throws IOException {
        Client client = due.peek();
        while (client != null && client.next <= now) {
            due.remove();
            try {
                client.left--;
                client.out.put(LINE);
                if (client.left == 0) {
                    finish(client);
                } else {
                    client.next += client.period;
                    due.add(client);
                }
                write(client);
            } catch (IOException gone) {
                drop(client);
            }
            client = due.peek();
        }
    }

    private static void finish(Client client) {
        client.answering = false;
        client.out.put(LAST).put(END);
    }

    private void write(Client client) throws IOException {
        while (true) {
            if (client.answering && client.period == 0) {
                fill(client);
            }
            if (client.out.position() == 0) {
                return;
            }
            client.out.flip();
            client.channel.write(client.out);
            boolean full = client.out.hasRemaining();
            client.out.compact();
            if (full) {
                client.key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                return;
            }
        }
    }

    private static void fill(Client client) {
        int room = (client.out.remaining() - LAST.length - END.length) / LINE.length;
        for (int i = Math.min(Math.min(room, AT_ONCE), client.left); i > 0; i--) {
            client.out.put(LINE);
            client.left--;
        }
        if (client.left == 0) {
            finish(client);
        }
    }

    private static byte[] chunk(String text) {
        return ascii(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
