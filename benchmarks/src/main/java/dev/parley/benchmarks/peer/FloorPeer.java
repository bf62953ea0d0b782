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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the machine alone takes: one thread over a selector that writes frames as long as ours, as many and as often, to as many
 * connections. It knows nothing, encodes nothing, stores nothing and parses no more than it must.
 *
 * <p>With a model's server it reads that one's words, one read each, and writes them likewise.
 */
public final class FloorPeer {

    private static final byte[] ACCEPTED = ascii(String.join(
            "\r\n",
            "HTTP/1.1 101 Switching Protocols",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
            "",
            ""));
    private static final byte[] CONNECTED = frame("{\"type\":\"connected\",\"cursor\":\"0\"}");
    private static final byte[] END = frame(Script.END);
    private static final byte[] LINE_MARK = ascii("\"done\":false");
    private static final byte[] LAST_MARK = ascii("\"done\":true");

    private final Selector selector = Selector.open();
    private final ServerSocketChannel listener = ServerSocketChannel.open();
    private final ByteBuffer in = ByteBuffer.allocateDirect(1 << 18);
    private final ByteBuffer out = ByteBuffer.allocateDirect(1 << 16);
    private final List<Client> clients = new ArrayList<>();
    private final ArrayDeque<Client> due = new ArrayDeque<>();
    private final Optional<InetSocketAddress> model;
    private final int wordsPerFrame;
    private final byte[] chunk;

    /** One connection, or its question to the model's server. */
    private static final class Client {
        private final SocketChannel channel;
        private final Optional<Client> asker;
        private boolean open;
        private int left;
        private int waiting;
        private long period;
        private long next;
        private Optional<SocketChannel> question = Optional.empty();

        Client(SocketChannel channel, Optional<Client> asker) {
            this.channel = channel;
            this.asker = asker;
        }
    }

    private FloorPeer(Optional<InetSocketAddress> model, int wordsPerFrame) throws IOException {
        this.model = model;
        this.wordsPerFrame = wordsPerFrame;
        this.chunk = frame(Script.chunk(1_000).replace(Script.WORD, Script.WORD.repeat(wordsPerFrame)));
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4096);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    /**
     * @param model where a model's server is, or {@code inside}
     * @param wordsPerFrame how many words come together
     */
    public static void run(String model, int wordsPerFrame) throws IOException {
        Optional<InetSocketAddress> server = Optional.empty();
        if (!model.equals("inside")) {
            java.net.URI address = java.net.URI.create(model);
            server = Optional.of(new InetSocketAddress(address.getHost(), address.getPort()));
        }
        FloorPeer peer = new FloorPeer(server, wordsPerFrame);
        Ready.say(peer.listener.socket().getLocalPort());
        peer.serve();
    }

    private void serve() throws IOException {
        while (true) {
            Client first = due.peek();
            // Milliseconds are fine enough, and nothing is spent on waiting.
            long wait = first == null ? 0 : Math.max(1, (first.next - System.nanoTime()) / 1_000_000);
            selector.select(this::ready, wait);
            tick(System.nanoTime());
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept();
            } else if (key.attachment() instanceof Client client) {
                read(client);
            }
        } catch (IOException gone) {
            key.cancel();
        }
    }

    private void accept() throws IOException {
        SocketChannel channel = listener.accept();
        if (channel != null) {
            add(channel, Optional.empty());
        }
    }

    private void add(SocketChannel channel, Optional<Client> asker) throws IOException {
        channel.configureBlocking(false);
        channel.socket().setTcpNoDelay(true);
        channel.register(selector, SelectionKey.OP_READ, new Client(channel, asker));
    }

    private void read(Client client) throws IOException {
        in.clear();
        int count = client.channel.read(in);
        if (count < 0) {
            client.channel.close();
            clients.remove(client);
            client.left = 0;
            return;
        }
        byte[] bytes = new byte[in.flip().remaining()];
        in.get(bytes);
        if (client.asker.isPresent()) {
            answered(client.asker.get(), bytes);
        } else if (!client.open) {
            client.open = true;
            clients.add(client);
            write(client, ACCEPTED);
            write(client, CONNECTED);
        } else {
            asked(client, unmasked(bytes));
        }
    }

    private void asked(Client client, String text) throws IOException {
        Script script = Script.in(text);
        if (text.isEmpty() || !text.startsWith("{")) {
            return;
        }
        if (script.words() == 0) {
            write(client, frame("{\"type\":\"ack\",\"id\":\"m\",\"cursor\":\"1\"}"));
            if (text.contains("everybody")) {
                byte[] message = frame(Script.message(text));
                for (Client other : clients) {
                    write(other, message);
                }
            }
        } else if (model.isPresent()) {
            ask(client, text);
        } else {
            client.left = script.words() / wordsPerFrame;
            client.period = 1_000_000_000L * wordsPerFrame / Math.max(1, script.rate());
            client.next = System.nanoTime() + client.period;
            // All have the same period, so who was added last is due last.
            due.add(client);
        }
    }

    private void tick(long now) throws IOException {
        Client client = due.peek();
        while (client != null && client.next <= now) {
            due.remove();
            if (client.left > 0) {
                write(client, chunk);
                client.left--;
                client.next += client.period;
                due.add(client);
            } else {
                write(client, END);
            }
            client = due.peek();
        }
    }

    private void ask(Client client, String text) throws IOException {
        if (client.question.isEmpty()) {
            SocketChannel channel = SocketChannel.open(model.orElseThrow());
            client.question = Optional.of(channel);
            add(channel, Optional.of(client));
        }
        String body = "{\"model\":\"bench\",\"messages\":[{\"role\":\"user\",\"content\":\""
                + text.substring(text.lastIndexOf('#'), text.lastIndexOf('"')) + "\"}]}";
        client.question.get()
                .write(ByteBuffer.wrap(ascii(
                        "POST /api/chat HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
                                + body.length() + "\r\n\r\n" + body)));
    }

    private void answered(Client client, byte[] bytes) throws IOException {
        boolean last = find(bytes, LAST_MARK) >= 0;
        client.waiting += find(bytes, LINE_MARK) >= 0 ? 1 : 0;
        if (client.waiting >= wordsPerFrame || last && client.waiting > 0) {
            client.waiting = 0;
            write(client, chunk);
        }
        if (last) {
            write(client, END);
        }
    }

    private void write(Client client, byte[] frame) throws IOException {
        out.clear();
        client.channel.write(out.put(frame).flip());
    }

    private static int find(byte[] bytes, byte[] wanted) {
        for (int i = 0; i <= bytes.length - wanted.length; i++) {
            int j = 0;
            while (j < wanted.length && bytes[i + j] == wanted[j]) {
                j++;
            }
            if (j == wanted.length) {
                return i;
            }
        }
        return -1;
    }

    /** A client's text, as long as it came in one piece; empty for what is no text. */
    private static String unmasked(byte[] bytes) {
        int length = bytes.length < 2 ? 0 : bytes[1] & 0x7f;
        int mask = length == 126 ? 4 : 2;
        if (bytes.length < mask + 4 || (bytes[0] & 0x0f) != 1) {
            return "";
        }
        byte[] text = new byte[bytes.length - mask - 4];
        for (int i = 0; i < text.length; i++) {
            text[i] = (byte) (bytes[mask + 4 + i] ^ bytes[mask + i % 4]);
        }
        return new String(text, StandardCharsets.UTF_8);
    }

    private static byte[] frame(String text) {
        byte[] payload = ascii(text);
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 4).put((byte) 0x81);
        if (payload.length < 126) {
            frame.put((byte) payload.length);
        } else {
            frame.put((byte) 126).putShort((short) payload.length);
        }
        frame.put(payload).flip();
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        return bytes;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
