package dev.parley.benchmarks.peer;

import jakarta.websocket.OnClose;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.glassfish.tyrus.server.Server;

/** Tyrus on Grizzly as they come, with what the examples show: no tuning. Streams, tells everybody, acknowledges. */
public final class TyrusPeer {

    private TyrusPeer() {}

    public static void run() throws Exception {
        Server server = new Server("127.0.0.1", -1, "/", java.util.Map.of(), Endpoint.class);
        server.start();
        Ready.say(server.getPort());
        new CountDownLatch(1).await();
    }

    /** One for each connection. As in the examples, nobody waits for what is sent, and the executor is shared. */
    @SuppressWarnings("FutureReturnValueIgnored")
    @ServerEndpoint("/ws/{room}")
    public static final class Endpoint {

        private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor();
        private static final Set<Session> OPEN = ConcurrentHashMap.newKeySet();

        @OnOpen
        public void opened(Session session) {
            OPEN.add(session);
            session.getAsyncRemote().sendText("{\"type\":\"connected\",\"cursor\":\"0\"}");
        }

        @OnClose
        public void closed(Session session) {
            OPEN.remove(session);
        }

        @OnMessage
        public void received(Session session, String text) {
            Script script = Script.in(text);
            if (script.words() == 0) {
                tellEverybody(session, text);
            } else if (script.rate() == 0) {
                race(session, script, 1);
            } else {
                pace(session, script);
            }
        }

        private static void tellEverybody(Session sender, String text) {
            int id = text.indexOf("\"id\":\"");
            if (id >= 0) {
                String name = text.substring(id + 6, text.indexOf('"', id + 6));
                sender.getAsyncRemote().sendText("{\"type\":\"ack\",\"id\":\"" + name + "\",\"cursor\":\"1\"}");
            }
            if (text.contains("everybody")) {
                String frame = Script.message(text);
                for (Session session : OPEN) {
                    session.getAsyncRemote().sendText(frame);
                }
            }
        }

        private static void pace(Session session, Script script) {
            AtomicReference<ScheduledFuture<?>> ticking = new AtomicReference<>();
            int[] sent = {0};
            Runnable tick = () -> {
                sent[0]++;
                if (sent[0] <= script.words() && session.isOpen()) {
                    session.getAsyncRemote().sendText(Script.chunk(sent[0]));
                } else {
                    session.getAsyncRemote().sendText(Script.END);
                    ticking.get().cancel(false);
                }
            };
            long nanos = 1_000_000_000L / script.rate();
            ticking.set(CLOCK.scheduleAtFixedRate(tick, nanos, nanos, TimeUnit.NANOSECONDS));
        }

        /** The next frame goes when the one before is gone. */
        private static void race(Session session, Script script, int number) {
            if (number > script.words()) {
                session.getAsyncRemote().sendText(Script.END);
                return;
            }
            CLOCK.execute(() -> session.getAsyncRemote()
                    .sendText(Script.chunk(number), result -> race(session, script, number + 1)));
        }
    }
}
