package dev.parley.adapter.mongo;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.bson.BsonBinaryReader;
import org.bson.BsonBinaryWriter;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.DecoderContext;
import org.bson.codecs.EncoderContext;
import org.bson.io.BasicOutputBuffer;

/** A MongoDB that says of itself what a test wants: what the server in Java cannot be made to say. It keeps nothing. */
final class ScriptedMongo implements AutoCloseable {
    private static final int OP_REPLY = 1;
    private static final int OP_QUERY = 2004;
    private static final int OP_MSG = 2013;
    private static final BsonDocumentCodec CODEC = new BsonDocumentCodec();

    /** What a server says that is new enough and has nothing to refuse; every other command succeeds and finds nothing. */
    private static final Map<String, String> USUAL = Map.of(
            "hello",
            "{ok: 1, ismaster: true, isWritablePrimary: true, helloOk: true, maxBsonObjectSize: 16777216,"
                    + " maxMessageSizeBytes: 48000000, maxWriteBatchSize: 100000, minWireVersion: 0, maxWireVersion: 21}",
            "buildInfo",
            "{ok: 1, version: '7.0.0'}",
            "find",
            "{ok: 1, cursor: {id: {$numberLong: '0'}, ns: 'x.y', firstBatch: []}}",
            "listIndexes",
            "{ok: 1, cursor: {id: {$numberLong: '0'}, ns: 'x.y', firstBatch: []}}");

    private final ServerSocket server;
    private final Map<String, String> said;
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    private ScriptedMongo(Map<String, String> said) throws IOException {
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.said = said;
        Thread.ofVirtual().name("scripted-mongo").start(this::accept);
    }

    /** One that answers these commands so. */
    static ScriptedMongo saying(Map<String, String> answers) {
        try {
            return new ScriptedMongo(answers);
        } catch (IOException unusable) {
            throw new UncheckedIOException(unusable);
        }
    }

    /** @param login a user and a password with an {@code @} behind them, or nothing */
    String uri(String login) {
        return "mongodb://" + login + "127.0.0.1:" + server.getLocalPort() + "/chat";
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (!server.isClosed()) {
                Socket socket = server.accept();
                open.add(socket);
                Thread.ofVirtual().name("scripted-mongo-line").start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket; DataInputStream in = new DataInputStream(socket.getInputStream())) {
            while (true) {
                ByteBuffer head = read(in, 16);
                int length = head.getInt();
                int id = head.getInt();
                head.getInt();
                int kind = head.getInt();
                ByteBuffer body = read(in, length - 16);
                BsonDocument command = kind == OP_QUERY ? query(body) : message(body);
                write(socket.getOutputStream(), id, kind, answer(command));
            }
        } catch (IOException gone) {
            // The driver has let go.
        }
    }

    private BsonDocument answer(BsonDocument command) {
        String asked = command.getFirstKey();
        String name = asked.equalsIgnoreCase("ismaster") ? "hello" : asked;
        String answer = Optional.ofNullable(said.get(name)).orElse(USUAL.getOrDefault(name, "{ok: 1, n: 1, nModified: 1}"));
        return BsonDocument.parse(answer);
    }

    private static ByteBuffer read(DataInputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static BsonDocument query(ByteBuffer body) {
        body.getInt();
        while (body.get() != 0) {
            // The name of a collection, which says nothing.
        }
        body.getInt();
        body.getInt();
        return document(body);
    }

    private static BsonDocument message(ByteBuffer body) {
        body.getInt();
        return body.get() == 0 ? document(body) : new BsonDocument("unknown", new BsonString("kind"));
    }

    private static BsonDocument document(ByteBuffer body) {
        try (BsonBinaryReader reader = new BsonBinaryReader(body.slice().order(ByteOrder.LITTLE_ENDIAN))) {
            return CODEC.decode(reader, DecoderContext.builder().build());
        }
    }

    private static void write(OutputStream out, int to, int kind, BsonDocument answer) throws IOException {
        BasicOutputBuffer encoded = new BasicOutputBuffer();
        try (BsonBinaryWriter writer = new BsonBinaryWriter(encoded)) {
            CODEC.encode(writer, answer, EncoderContext.builder().build());
        }
        byte[] document = encoded.toByteArray();
        int before = kind == OP_QUERY ? 20 : 5;
        ByteBuffer whole = ByteBuffer.allocate(16 + before + document.length).order(ByteOrder.LITTLE_ENDIAN);
        whole.putInt(whole.capacity()).putInt(1).putInt(to).putInt(kind == OP_QUERY ? OP_REPLY : OP_MSG);
        if (kind == OP_QUERY) {
            whole.putInt(0).putLong(0).putInt(0).putInt(1);
        } else {
            whole.putInt(0).put((byte) 0);
        }
        out.write(whole.put(document).array());
        out.flush();
    }
}
