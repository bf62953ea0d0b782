package dev.parley.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.testkit.llm.ScriptedModel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with its host, as it begins. */
class StartTest {

    @TempDir
    Path folder;

    @Test
    void a_request_of_the_first_instant_is_answered() throws Exception {
        int port = freePort();
        AtomicBoolean given = new AtomicBoolean();
        try (HttpClient client = HttpClient.newHttpClient()) {
            CompletableFuture<HttpResponse<String>> first =
                    CompletableFuture.supplyAsync(() -> asked(client, port, given), Thread::startVirtualThread);
            try (Parley parley = server(port).build()) {
                HttpResponse<String> answer = first.get(1, TimeUnit.MINUTES);

                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.body()).contains("\"websocket\"");
            } finally {
                given.set(true);
            }
        }
    }

    @Test
    void a_rest_interface_that_cannot_be_put_together_fails_the_start_and_leaves_nothing_open() throws Exception {
        int port = freePort();
        Thread here = Thread.currentThread();
        ClassLoader whole = here.getContextClassLoader();
        here.setContextClassLoader(new BrokenInstallation(whole));
        try {
            assertThatThrownBy(() -> server(port).build()).hasMessageContaining("Expected a whole installation");
        } finally {
            here.setContextClassLoader(whole);
        }

        try (Parley again = server(port).build()) {
            assertThat(again.port()).isEqualTo(port);
        }
    }

    private ParleyBuilder server(int port) {
        ScriptedModel model = ScriptedModel.named("m");
        return Parley.builder()
                .dataFolder(folder.resolve("data"))
                .set("PORT", String.valueOf(port))
                .models(model, model);
    }

    /** The answer to the first request that finds an open port. */
    private static HttpResponse<String> asked(HttpClient client, int port, AtomicBoolean given) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health")).build();
        while (!given.get()) {
            try {
                return client.send(request, HttpResponse.BodyHandlers.ofString());
            } catch (ConnectException notYet) {
                Thread.onSpinWait();
            } catch (IOException | InterruptedException failed) {
                throw new IllegalStateException(failed);
            }
        }
        throw new IllegalStateException("Expected an open port, found none");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Fails where the REST library looks for what it cannot do without. */
    private static final class BrokenInstallation extends ClassLoader {

        BrokenInstallation(ClassLoader whole) {
            super(whole);
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            if (name.endsWith("InjectionManagerFactory")) {
                throw new IllegalStateException("Expected a whole installation");
            }
            return super.getResources(name);
        }
    }
}
