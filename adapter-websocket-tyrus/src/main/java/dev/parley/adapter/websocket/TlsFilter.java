package dev.parley.adapter.websocket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.attributes.Attribute;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.memory.Buffers;

/**
 * Encryption below everything else, for requests and for sockets alike: what it keeps of a connection outlives the way from one to the
 * other.
 *
 * <p>The server's own filter would answer a second handshake by waiting for the client on the thread that reads for others.
 */
final class TlsFilter extends BaseFilter {

    private static final System.Logger LOG = System.getLogger(TlsFilter.class.getName());

    private final Attribute<TlsSession> sessions = Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute("parley.tls");
    private final Supplier<SSLEngine> engines;
    private final HostResources host;

    /** @param engines makes the server's side of a new connection */
    TlsFilter(Supplier<SSLEngine> engines, HostResources host) {
        this.engines = engines;
        this.host = host;
    }

    @Override
    public NextAction handleAccept(FilterChainContext ctx) {
        Connection<?> network = ctx.getConnection();
        TlsSession session = session(network);
        host.later(host.settings().stall(), () -> {
            if (!session.established()) {
                network.terminateSilently();
            }
        });
        return ctx.getInvokeAction();
    }

    private TlsSession session(Connection<?> network) {
        TlsSession session = sessions.get(network);
        if (session == null) {
            session = new TlsSession(engines.get());
            sessions.set(network, session);
        }
        return session;
    }

    @Override
    public NextAction handleRead(FilterChainContext ctx) throws IOException {
        Connection<?> network = ctx.getConnection();
        Buffer sealed = ctx.getMessage();
        TlsSession.Unsealed unsealed;
        try {
            unsealed =
                    session(network).unseal(sealed.toByteBuffer(), answer -> Sockets.write(network, answer, Sockets.FORGOTTEN));
        } catch (SSLException refused) {
            LOG.log(System.Logger.Level.DEBUG, "A client does not speak TLS as it is spoken here", refused);
            network.closeSilently();
            return ctx.getStopAction();
        } finally {
            sealed.tryDispose();
        }
        if (unsealed.plain().length > 0) {
            ctx.setMessage(Buffers.wrap(ctx.getMemoryManager(), unsealed.plain()));
            return ctx.getInvokeAction();
        }
        if (unsealed.ended()) {
            network.closeSilently();
        }
        return ctx.getStopAction();
    }

    @Override
    public NextAction handleWrite(FilterChainContext ctx) throws IOException {
        Buffer plain = ctx.getMessage();
        if (!plain.hasRemaining()) {
            return ctx.getInvokeAction();
        }
        session(ctx.getConnection()).seal(plain.toByteBuffer(), sealed -> pass(ctx, sealed));
        plain.position(plain.limit());
        plain.tryDispose();
        return ctx.getStopAction();
    }

    @SuppressWarnings("unchecked")
    private static void pass(FilterChainContext ctx, ByteBuffer sealed) {
        FilterChainContext.TransportContext how = ctx.getTransportContext();
        ctx.write(Buffers.wrap(ctx.getMemoryManager(), sealed), how.getCompletionHandler(), how.isBlocking());
    }

    /** Sends bytes that are no request's. */
    void write(Connection<?> network, byte[] plain, Sockets.Written completion) {
        try {
            session(network).seal(ByteBuffer.wrap(plain), sealed -> Sockets.write(network, sealed, completion));
        } catch (SSLException ended) {
            completion.failed(ended);
        }
    }

    /** Says that nothing more will be sent. */
    void end(Connection<?> network) {
        session(network).end(last -> Sockets.write(network, last, Sockets.FORGOTTEN));
    }
}
