package dev.parley.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.testkit.llm.ScriptedModel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with its host, as it begins. */
class StartTest {

    @TempDir
    Path folder;

    @Test
    void a_request_that_finds_the_port_open_before_the_server_is_ready_waits_for_its_answer() throws Exception {
        int port = freePort();
        CountDownLatch asked = new CountDownLatch(1);
        AtomicBoolean given = new AtomicBoolean();
        CompletableFuture<String> answer =
                CompletableFuture.supplyAsync(() -> health(port, asked, given), Thread::startVirtualThread);

        // The REST interface is not put together before somebody has asked it.
        try (Parley parley = server(port, () -> await(asked))) {
            assertThat(answer.get(1, TimeUnit.MINUTES)).startsWith("HTTP/1.1 200 ").contains("\"websocket\"");
        } finally {
            given.set(true);
        }
    }

    @Test
    void a_rest_interface_that_cannot_be_put_together_fails_the_start_and_leaves_nothing_open() throws Exception {
        int port = freePort();
        Runnable broken = () -> {
            throw new IllegalStateException("Expected a whole installation");
        };

        assertThatThrownBy(() -> server(port, broken)).hasMessageContaining("Expected a whole installation");

        try (Parley again = server(port, () -> {})) {
            assertThat(again.port()).isEqualTo(port);
        }
    }

    @Test
    void whoever_waits_for_a_server_that_does_not_start_is_not_left_waiting() throws Exception {
        int port = freePort();
        CountDownLatch asked = new CountDownLatch(1);
        AtomicBoolean given = new AtomicBoolean();
        CompletableFuture<String> answer =
                CompletableFuture.supplyAsync(() -> health(port, asked, given), Thread::startVirtualThread);
        Runnable broken = () -> {
            await(asked);
            throw new IllegalStateException("Expected a whole installation");
        };

        try {
            assertThatThrownBy(() -> server(port, broken)).hasMessageContaining("Expected a whole installation");

            assertThat(answer.get(1, TimeUnit.MINUTES)).doesNotContain("HTTP/1.1 200 ");
        } finally {
            given.set(true);
        }
    }

    /** @param whenPutTogether done where the REST library looks for what it cannot do without */
    private Parley server(int port, Runnable whenPutTogether) {
        ScriptedModel model = ScriptedModel.named("m");
        Thread here = Thread.currentThread();
        ClassLoader before = here.getContextClassLoader();
        here.setContextClassLoader(new Installation(before, whenPutTogether));
        try {
            return Parley.builder()
                    .dataFolder(folder.resolve("data"))
                    .set("PORT", String.valueOf(port))
                    .models(model, model)
                    .build();
        } finally {
            here.setContextClassLoader(before);
        }
    }

    /** All that is answered to the first question that finds an open port; nothing when the connection just ends. */
    private static String health(int port, CountDownLatch asked, AtomicBoolean given) {
        while (!given.get()) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                String request = "GET /health HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nConnection: close\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                asked.countDown();
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            } catch (ConnectException notYet) {
                Thread.onSpinWait();
            } catch (IOException ended) {
                return "";
            }
        }
        return "";
    }

    private static void await(CountDownLatch asked) {
        try {
            if (!asked.await(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("Expected an open port");
            }
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** None of those that a system gives to clients: whoever asks for one of those again and again connects to itself one day. */
    private static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                Thread.onSpinWait();
            }
        }
    }

    /** Everything that is installed, where something is done when the REST library looks for its injection. */
    private static final class Installation extends ClassLoader {

        private final Runnable looked;

        Installation(ClassLoader whole, Runnable looked) {
            super(whole);
            this.looked = looked;
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            if (name.endsWith("InjectionManagerFactory")) {
                looked.run();
            }
            return super.getResources(name);
        }
    }
}
