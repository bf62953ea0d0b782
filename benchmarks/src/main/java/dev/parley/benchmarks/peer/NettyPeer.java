package dev.parley.benchmarks.peer;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Netty with its own WebSocket handlers and one event loop, as its examples show it. Streams, tells everybody, acknowledges. */
public final class NettyPeer {

    private static final int BACKLOG = 4096;
    private static final int MOST_HTTP = 65_536;

    private final ChannelGroup everybody = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    private NettyPeer() {}

    public static void run() throws InterruptedException {
        new NettyPeer().serve();
    }

    private void serve() throws InterruptedException {
        try (EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory())) {
            Channel listener = new ServerBootstrap()
                    .group(loop)
                    .channel(NioServerSocketChannel.class)
                    .option(ChannelOption.SO_BACKLOG, BACKLOG)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childHandler(new Pipeline())
                    .bind(InetAddress.getLoopbackAddress(), 0)
                    .sync()
                    .channel();
            Ready.say(((InetSocketAddress) listener.localAddress()).getPort());
            listener.closeFuture().sync();
        }
    }

    private final class Pipeline extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            ChannelPipeline line = channel.pipeline();
            line.addLast(new HttpServerCodec());
            line.addLast(new HttpObjectAggregator(MOST_HTTP));
            line.addLast(new WebSocketServerProtocolHandler("/ws", true));
            line.addLast(new Client());
        }
    }

    /** One connection. As in the examples, nobody waits for what is sent. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private final class Client extends SimpleChannelInboundHandler<TextWebSocketFrame> {

        private Optional<Future<?>> ticking = Optional.empty();
        private int left;
        private int sent;

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete) {
                everybody.add(context.channel());
                say(context, "{\"type\":\"connected\",\"cursor\":\"0\"}");
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            rest();
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame frame) {
            String text = frame.text();
            Script script = Script.in(text);
            if (script.words() == 0) {
                tellEverybody(context, text);
            } else {
                pace(context, script);
            }
        }

        private void tellEverybody(ChannelHandlerContext context, String text) {
            int id = text.indexOf("\"id\":\"");
            if (id >= 0) {
                String name = text.substring(id + 6, text.indexOf('"', id + 6));
                say(context, "{\"type\":\"ack\",\"id\":\"" + name + "\",\"cursor\":\"1\"}");
            }
            if (text.contains("everybody")) {
                everybody.writeAndFlush(new TextWebSocketFrame(Script.message(text)));
            }
        }

        private void pace(ChannelHandlerContext context, Script script) {
            left = script.words();
            sent = 0;
            long nanos = 1_000_000_000L / script.rate();
            ticking = Optional.of(context.executor()
                    .scheduleAtFixedRate(() -> tick(context), nanos, nanos, TimeUnit.NANOSECONDS));
        }

        private void tick(ChannelHandlerContext context) {
            if (left > 0) {
                left--;
                sent++;
                say(context, Script.chunk(sent));
            } else {
                rest();
                say(context, Script.END);
            }
        }

        private void rest() {
            ticking.ifPresent(timer -> timer.cancel(false));
            ticking = Optional.empty();
        }

        private void say(ChannelHandlerContext context, String text) {
            context.writeAndFlush(new TextWebSocketFrame(text));
        }
    }
}
