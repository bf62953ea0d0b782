package dev.parley.adapter.ollama;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** A connection with TLS, by the platform's own certificates; for one exchange. Whoever waits too long is woken by its end. */
final class SecureWire extends Wire {

    private static final System.Logger LOG = System.getLogger(SecureWire.class.getName());

    private final Wires wires;
    private final SocketChannel channel;
    private final InputStream in;
    private final OutputStream out;
    private volatile boolean late;

    private SecureWire(Wires wires, SocketChannel channel, SSLSocket socket) throws IOException {
        this.wires = wires;
        this.channel = channel;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    /** @param channel connected, and blocking; this closes it, also when it throws */
    static SecureWire over(Wires wires, SocketChannel channel, String host, int port, SSLSocketFactory factory)
            throws IOException {
        SSLSocket socket = (SSLSocket) factory.createSocket(channel.socket(), host, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        return new SecureWire(wires, channel, socket);
    }

    @Override
    int read(byte[] into, int at, int room, long deadline)
            throws IOException, InterruptedException, LateException {
        waits(wires, deadline);
        try {
            int count = in.read(into, at, room);
            return count < 0 ? END : count;
        } catch (IOException failed) {
            throw meaning(failed);
        } finally {
            waitsNoLonger();
        }
    }

    @Override
    void write(ByteBuffer bytes, long deadline) throws IOException, InterruptedException, LateException {
        waits(wires, deadline);
        try {
            out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
            bytes.position(bytes.limit());
        } catch (IOException failed) {
            throw meaning(failed);
        } finally {
            waitsNoLonger();
        }
    }

    /** A wait is ended by the end of the connection, whatever it is ended for. */
    private IOException meaning(IOException failed) throws InterruptedException, LateException {
        if (Thread.interrupted()) {
            InterruptedException interrupted = new InterruptedException();
            interrupted.initCause(failed);
            throw interrupted;
        }
        if (late) {
            throw new LateException();
        }
        return failed;
    }

    @Override
    void overdue() {
        late = true;
        close();
    }

    @Override
    boolean reusable() {
        return false;
    }

    @Override
    public void close() {
        wires.forget(this);
        try {
            channel.close();
        } catch (IOException already) {
            LOG.log(System.Logger.Level.DEBUG, "A connection went before it was closed", already);
        }
    }
}
