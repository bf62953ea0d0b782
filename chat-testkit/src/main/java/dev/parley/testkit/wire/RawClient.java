package dev.parley.testkit.wire;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** A WebSocket client that says exactly what the test wants, byte by byte. Used by one thread at a time. */
public final class RawClient implements AutoCloseable {

    private static final int MASK = 0x12345678;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    /** One frame of the server's. */
    public record Received(int first, byte[] payload) {
        public int opcode() {
            return first & 0x0f;
        }

        public boolean compressed() {
            return (first & 0x40) != 0;
        }

        public String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        /** Of a close frame: code and reason. */
        public String closing() {
            ByteBuffer bytes = ByteBuffer.wrap(payload);
            return bytes.getShort() + " " + StandardCharsets.UTF_8.decode(bytes);
        }
    }

    /** Connects to this machine without saying anything. */
    public RawClient(int port) throws IOException {
        this(port, 0);
    }

    /** @param receiveBuffer how much the system takes in for a client that does not read; 0 for as much as usual */
    public RawClient(int port, int receiveBuffer) throws IOException {
        socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.connect(new java.net.InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(60_000);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream(), 8 << 10));
        out = socket.getOutputStream();
    }

    /** The request for an upgrade; to localhost unless a {@code Host} is among the headers. */
    public static String request(String target, String... headers) {
        boolean addressed = List.of(headers).stream().anyMatch(header -> header.startsWith("Host:"));
        StringBuilder head = new StringBuilder("GET " + target + " HTTP/1.1\r\n"
                + (addressed ? "" : "Host: localhost\r\n")
                + "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    /** A socket that is open, its hello read. */
    public static RawClient open(int port, String target, String... headers) throws IOException {
        RawClient client = new RawClient(port);
        String head = client.handshake(target, headers);
        if (!head.startsWith("HTTP/1.1 101 ")) {
            throw new AssertionError("Expected an upgrade, found " + head);
        }
        client.read();
        return client;
    }

    /** Asks for an upgrade; what the answer's head says. */
    public String handshake(String target, String... headers) throws IOException {
        send(request(target, headers));
        return readHead();
    }

    public void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    public void send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    public String readHead() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || head.lastIndexOf("\r\n\r\n") != head.length() - 4) {
            head.append((char) in.readUnsignedByte());
        }
        return head.toString();
    }

    /** Everything until the server closes. */
    public String readAll() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    /** A whole text in one frame. */
    public static byte[] text(String text) {
        return frame(0x81, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A frame as clients send it, masked.
     *
     * @param first its first byte: the flags and the kind
     */
    public static byte[] frame(int first, byte[] payload) {
        ByteBuffer bytes = ByteBuffer.allocate(payload.length + 14);
        bytes.put((byte) first);
        if (payload.length < 126) {
            bytes.put((byte) (0x80 | payload.length));
        } else if (payload.length <= 0xffff) {
            bytes.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            bytes.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        byte[] mask = ByteBuffer.allocate(4).putInt(MASK).array();
        bytes.put(mask);
        for (int i = 0; i < payload.length; i++) {
            bytes.put((byte) (payload[i] ^ mask[i % 4]));
        }
        byte[] frame = new byte[bytes.position()];
        bytes.flip().get(frame);
        return frame;
    }

    /** The next frame, whatever it is. */
    public Received read() throws IOException {
        int first = in.readUnsignedByte();
        int code = in.readUnsignedByte();
        if ((code & 0x80) != 0) {
            throw new AssertionError("Expected a server's frame without a mask");
        }
        long length = code == 126 ? in.readUnsignedShort() : code == 127 ? in.readLong() : code;
        byte[] payload = new byte[(int) length];
        in.readFully(payload);
        return new Received(first, payload);
    }

    /** The next frame that is no ping. */
    public Received next() throws IOException {
        Received frame = read();
        while (frame.opcode() == 9) {
            frame = read();
        }
        return frame;
    }

    /** Whether the server has ended the connection. */
    public boolean ended() throws IOException {
        try {
            while (true) {
                read();
            }
        } catch (EOFException | java.net.SocketException end) {
            return true;
        }
    }

    public static byte[] deflated(byte[] plain) {
        Deflater deflater = new Deflater(6, true);
        deflater.setInput(plain);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[64 << 10];
        int length = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
        while (length > 0) {
            bytes.write(buffer, 0, length);
            length = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
        }
        deflater.end();
        byte[] whole = bytes.toByteArray();
        return java.util.Arrays.copyOf(whole, whole.length - 4);
    }

    public static String inflated(byte[] payload) throws DataFormatException {
        Inflater inflater = new Inflater(true);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[64 << 10];
        for (byte[] part : new byte[][] {payload, {0, 0, -1, -1}}) {
            inflater.setInput(part);
            int length = inflater.inflate(buffer);
            while (length > 0) {
                bytes.write(buffer, 0, length);
                length = inflater.inflate(buffer);
            }
        }
        inflater.end();
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Ends it as a machine that crashes does: with a reset, and whatever was still to be sent is lost. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
