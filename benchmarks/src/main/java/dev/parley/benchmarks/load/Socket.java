package dev.parley.benchmarks.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;

/** A client's side of one TCP connection: a WebSocket with just what a generator needs, or plain bytes. */
final class Socket {

    /** Takes what arrives; the bytes are good during the call. */
    @FunctionalInterface
    interface Receiver {
        void received(Socket socket, byte[] bytes, int from, int length);
    }

    private static final byte[] NOTHING = {};
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private final Loop loop;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final Receiver receiver;
    private final boolean plain;
    private final ArrayDeque<ByteBuffer> out = new ArrayDeque<>();
    private byte[] rest = NOTHING;
    private boolean open;
    private boolean closed;
    private String refusal = "";
    private long openedAt;

    private Socket(Loop loop, int port, byte[] first, boolean plain, Receiver receiver) throws IOException {
        this.loop = loop;
        this.receiver = receiver;
        this.plain = plain;
        this.channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        key = channel.register(loop.selector(), SelectionKey.OP_CONNECT, this);
        out.add(ByteBuffer.wrap(first));
    }

    static Socket web(Loop loop, int port, String path, Receiver receiver) throws IOException {
        String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
                + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        return new Socket(loop, port, request.getBytes(StandardCharsets.US_ASCII), false, receiver);
    }

    /** Sends a request and gives every byte of the answer as it comes. */
    static Socket plain(Loop loop, int port, String request, Receiver receiver) throws IOException {
        return new Socket(loop, port, request.getBytes(StandardCharsets.UTF_8), true, receiver);
    }

    boolean open() {
        return open;
    }

    boolean closed() {
        return closed;
    }

    /** What the server said instead of opening, or when it closed. */
    String refusal() {
        return refusal;
    }

    /** When the handshake was answered, by {@link System#nanoTime}. */
    long openedAt() {
        return openedAt;
    }

    void send(String text) {
        send(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends bytes as they are. */
    void sendPlain(String text) {
        out.add(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        write();
    }

    private void send(int opcode, byte[] payload) {
        if (closed) {
            return;
        }
        int length = payload.length;
        ByteBuffer frame = ByteBuffer.allocate(length + 8);
        frame.put((byte) (0x80 | opcode));
        if (length < 126) {
            frame.put((byte) (0x80 | length));
        } else {
            frame.put((byte) (0x80 | 126)).putShort((short) length);
        }
        // A mask of zeros is a mask, and costs nothing.
        frame.putInt(0).put(payload).flip();
        out.add(frame);
        write();
    }

    /** Cuts the connection without a word. */
    void cut() {
        closed = true;
        open = false;
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            channel.close();
        } catch (IOException gone) {
            refusal = gone.toString();
        }
    }

    void ready() {
        try {
            if (key.isValid() && key.isConnectable()) {
                channel.finishConnect();
                key.interestOps(SelectionKey.OP_READ);
                write();
            }
            if (key.isValid() && key.isWritable()) {
                key.interestOps(SelectionKey.OP_READ);
                write();
            }
            if (key.isValid() && key.isReadable()) {
                read();
            }
        } catch (IOException broken) {
            fail(broken.toString());
        }
    }

    private void fail(String why) {
        if (refusal.isEmpty()) {
            refusal = why;
        }
        cut();
    }

    private void write() {
        try {
            while (!out.isEmpty() && channel.isConnected()) {
                ByteBuffer next = out.peek();
                channel.write(next);
                if (next.hasRemaining()) {
                    key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                    return;
                }
                out.remove();
            }
        } catch (IOException broken) {
            fail(broken.toString());
        }
    }

    private void read() throws IOException {
        byte[] bytes = loop.buffer();
        ByteBuffer in = ByteBuffer.wrap(bytes).put(rest);
        rest = NOTHING;
        int count = channel.read(in);
        int used = take(bytes, in.position());
        if (used < in.position()) {
            rest = Arrays.copyOfRange(bytes, used, in.position());
        }
        if (count < 0) {
            fail("the server went away");
        }
    }

    private int take(byte[] bytes, int length) {
        if (plain) {
            openedAt = openedAt == 0 ? System.nanoTime() : openedAt;
            receiver.received(this, bytes, 0, length);
            return length;
        }
        int from = 0;
        if (!open) {
            from = Bytes.find(bytes, 0, length, Bytes.HEAD_END);
            if (from < 0) {
                return 0;
            }
            from += Bytes.HEAD_END.length;
            if (Bytes.find(bytes, 0, from, Bytes.SWITCHING) < 0) {
                fail(new String(bytes, 0, length, StandardCharsets.UTF_8));
                return length;
            }
            open = true;
            openedAt = System.nanoTime();
        }
        while (!closed) {
            int next = frame(bytes, from, length);
            if (next < 0) {
                return from;
            }
            from = next;
        }
        return length;
    }

    /** Takes one whole frame; answers where the next begins, or -1 when there is none. */
    private int frame(byte[] bytes, int from, int end) {
        if (end - from < 2) {
            return -1;
        }
        int opcode = bytes[from] & 0x0F;
        int length = bytes[from + 1] & 0x7F;
        int payload = from + 2;
        if (length == 126) {
            if (end - from < 4) {
                return -1;
            }
            length = (bytes[from + 2] & 0xFF) << 8 | bytes[from + 3] & 0xFF;
            payload = from + 4;
        } else if (length == 127) {
            if (end - from < 10) {
                return -1;
            }
            length = ByteBuffer.wrap(bytes, from + 6, 4).getInt();
            payload = from + 10;
        }
        if (end - payload < length) {
            return -1;
        }
        switch (opcode) {
            case TEXT -> receiver.received(this, bytes, payload, length);
            case PING -> send(PONG, Arrays.copyOfRange(bytes, payload, payload + length));
            case CLOSE -> fail("closed with "
                    + (length < 2 ? 1005 : (bytes[payload] & 0xFF) << 8 | bytes[payload + 1] & 0xFF));
            default -> {}
        }
        return payload + length;
    }
}
