package dev.parley.adapter.websocket;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/**
 * One connection's encryption: bytes of the network in, bytes of the program out, and the other way round. Does no I/O.
 *
 * <p>What comes is unsealed by one thread at a time; what goes is sealed by any, and whoever seals writes before the next does, since
 * records must arrive in the order in which they were made.
 */
final class TlsSession {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** What a record costs beside its content, at the most. */
    private static final int OVERHEAD = 256;

    private static final int RECORD = 16 << 10;

    private final SSLEngine engine;
    private final ReentrantLock sealing = new ReentrantLock();
    private ByteBuffer unread = NOTHING;
    private boolean greeted;
    private volatile boolean established;
    private boolean ended;

    TlsSession(SSLEngine engine) {
        this.engine = engine;
    }

    /** What came of bytes: what the program is to read, and whether the client will say nothing more. */
    record Unsealed(byte[] plain, boolean ended) {}

    /** Whether the handshake is over. */
    boolean established() {
        return established;
    }

    /**
     * Takes bytes of the network.
     *
     * @param answers told what the handshake needs to be sent, in order
     * @throws SSLException when this is no TLS, or none that is accepted; {@code answers} was told what the client is to know
     */
    Unsealed unseal(ByteBuffer sealed, Consumer<ByteBuffer> answers) throws SSLException {
        ByteArrayOutputStream plain = new ByteArrayOutputStream(sealed.remaining());
        ByteBuffer in = joined(sealed);
        try {
            if (!greeted) {
                greeted = true;
                engine.beginHandshake();
            }
            boolean more = true;
            while (more && !ended) {
                more = step(in, plain, answers);
            }
        } catch (SSLException refused) {
            tell(answers);
            throw refused;
        }
        established |= engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING;
        unread = in.hasRemaining() && !ended ? ByteBuffer.allocate(in.remaining()).put(in).flip() : NOTHING;
        return new Unsealed(plain.toByteArray(), ended);
    }

    private ByteBuffer joined(ByteBuffer sealed) {
        if (!unread.hasRemaining()) {
            return sealed;
        }
        return ByteBuffer.allocate(unread.remaining() + sealed.remaining())
                .put(unread)
                .put(sealed)
                .flip();
    }

    /** Goes one step on; false when that needs more of the client. */
    private boolean step(ByteBuffer in, ByteArrayOutputStream plain, Consumer<ByteBuffer> answers) throws SSLException {
        return switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> {
                compute();
                yield true;
            }
            case NEED_WRAP -> {
                seal(NOTHING, answers);
                yield true;
            }
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN, NOT_HANDSHAKING, FINISHED -> in.hasRemaining() && open(in, plain);
        };
    }

    private boolean open(ByteBuffer in, ByteArrayOutputStream plain) throws SSLException {
        ByteBuffer piece = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        SSLEngineResult result = engine.unwrap(in, piece);
        plain.write(piece.array(), 0, piece.position());
        switch (result.getStatus()) {
            case BUFFER_UNDERFLOW -> {
                return false;
            }
            case BUFFER_OVERFLOW -> throw new SSLException("Expected records of the size that was agreed on");
            case CLOSED -> {
                ended = true;
                return false;
            }
            case OK -> {}
        }
        boolean handshaking = result.getHandshakeStatus() != SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING
                && result.getHandshakeStatus() != SSLEngineResult.HandshakeStatus.FINISHED;
        if (established && handshaking && !engine.getSession().getProtocol().equals("TLSv1.3")) {
            throw new SSLException("Expected no second handshake");
        }
        established |= !handshaking;
        return true;
    }

    private void compute() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    /** What the client is to know before the connection ends, as far as that can still be said. */
    private void tell(Consumer<ByteBuffer> answers) {
        try {
            if (engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_WRAP) {
                seal(NOTHING, answers);
            }
        } catch (SSLException beyondWords) {
            // Then it is only cut off.
            ended = true;
        }
    }

    /** Seals bytes of the program and hands them on, before anybody else can. */
    void seal(ByteBuffer plain, Consumer<ByteBuffer> write) throws SSLException {
        sealing.lock();
        try {
            write.accept(sealed(plain));
        } finally {
            sealing.unlock();
        }
    }

    /** Says that nothing more will be sent. */
    void end(Consumer<ByteBuffer> write) {
        sealing.lock();
        try {
            engine.closeOutbound();
            write.accept(sealed(NOTHING));
        } catch (SSLException late) {
            ended = true;
        } finally {
            sealing.unlock();
        }
    }

    private ByteBuffer sealed(ByteBuffer plain) throws SSLException {
        int records = plain.remaining() / RECORD + 1;
        ByteBuffer out = ByteBuffer.allocate(
                engine.getSession().getPacketBufferSize() + plain.remaining() + records * OVERHEAD);
        do {
            SSLEngineResult result = engine.wrap(plain, out);
            switch (result.getStatus()) {
                case BUFFER_OVERFLOW -> out = ByteBuffer.allocate(2 * out.capacity()).put(out.flip());
                case BUFFER_UNDERFLOW -> throw new SSLException("Expected bytes to seal, found none");
                case CLOSED -> {
                    if (plain.hasRemaining()) {
                        throw new SSLException("Expected a connection that is open, found it ended");
                    }
                    return out.flip();
                }
                case OK -> {
                    if (result.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_TASK) {
                        compute();
                    } else if (result.bytesConsumed() == 0 && plain.hasRemaining() && result.bytesProduced() == 0) {
                        throw new SSLException("Expected a handshake that is over");
                    }
                }
            }
        } while (plain.hasRemaining());
        return out.flip();
    }
}
