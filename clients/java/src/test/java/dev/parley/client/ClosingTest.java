package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nobody waits for a client that is no more. */
@Timeout(60)
class ClosingTest {

    private static final URI NOBODY = URI.create("http://127.0.0.1:9");
    private static final Pattern KEY = Pattern.compile("(?i)sec-websocket-key: *(\\S+)");

    private static final List<Function<ParleyClient, CompletableFuture<?>>> QUESTIONS = List.of(
            ParleyClient::connect, ParleyClient::quota, ParleyClient::ping, ParleyClient::presence, ParleyClient::stop,
            ParleyClient::refresh, client -> client.stop("m"), client -> client.regenerate("m"), client -> client.edit("m", "x"),
            client -> client.editAndRegenerate("m", "x"), client -> client.remove("m"), client -> client.react("m", "x"),
            client -> client.feedback("m", Optional.empty(), Optional.empty()), client -> client.seen("m"),
            client -> client.history(Range.newest(1)), client -> client.search("x", 1),
            client -> client.upload(new byte[1], "a", "text/plain"));

    private static void fails(CompletableFuture<?> question, String code) {
        assertThat(question).failsWithin(Duration.ofSeconds(30))
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(ParleyException.class, error -> assertThat(error.code()).isEqualTo(code));
    }

    @Test
    void every_question_under_way_ends_when_it_closes_and_none_is_taken_after() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        ParleyClient client = ParleyClient.to(NOBODY)
                .tokens(() -> {
                    never.await();
                    return "late";
                })
                .build();
        List<CompletableFuture<?>> before = QUESTIONS.stream().<CompletableFuture<?>>map(each -> each.apply(client)).toList();
        Sent sent = client.send("unsent");
        CompletableFuture<List<String>> stopped = client.send("taken back").reply().stop();
        assertThat(stopped).succeedsWithin(Duration.ofSeconds(30));
        client.close();
        before.forEach(question -> fails(question, "CLOSED"));
        fails(sent.accepted(), "CLOSED");
        fails(sent.reply().finished(), "CLOSED");
        fails(sent.reply().stop(), "CLOSED");
        assertThatThrownBy(() -> sent.reply().pieces().forEach(piece -> {})).hasMessageContaining("CLOSED");
        QUESTIONS.forEach(question -> fails(question.apply(client), "CLOSED"));
        fails(client.withdraw("m"), "CLOSED");
        assertThat(client.pending()).containsExactly(sent);
        never.countDown();
    }

    @Test
    void a_listener_may_close_it_and_one_that_fails_harms_nobody() throws InterruptedException {
        ParleyClient client = ParleyClient.to(NOBODY).build();
        CountDownLatch told = new CountDownLatch(1);
        client.listen(new Listener() {
            @Override
            public void state(State state) {
                throw new AssertionError("mine");
            }
        });
        client.listen(new Listener() {
            @Override
            public void state(State state) {
                client.close();
            }

            @Override
            public void closed(Optional<ParleyException> error) {
                told.countDown();
            }
        });
        fails(client.connect(), "CLOSED");
        assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_token_source_that_breaks_is_told_by_its_code() {
        try (ParleyClient client = ParleyClient.to(NOBODY)
                .tokens(() -> {
                    throw new AssertionError("mine");
                })
                .build()) {
            fails(client.refresh(), "NO_TOKEN");
            fails(client.search("x", 1), "NO_TOKEN");
        }
    }

    @Test
    void what_cannot_be_written_is_refused_to_its_sender() {
        try (ParleyClient client = ParleyClient.to(NOBODY).build()) {
            assertThatThrownBy(() -> client.send("odd", draft -> draft.metadata(Map.of("ratio", Double.NaN))))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(client.pending()).isEmpty();
        }
    }

    /** The server of this one is slower than its client's end. */
    @Test
    void a_socket_that_opens_when_the_client_is_gone_is_let_go() throws Exception {
        // One that outlives the client, and would keep its connections.
        try (HttpClient http = HttpClient.newHttpClient();
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ParleyClient client = ParleyClient.to(URI.create("http://127.0.0.1:" + server.getLocalPort()))
                    .transport("websocket")
                    .http(http)
                    .build();
            client.open();
            try (Socket socket = server.accept()) {
                socket.setSoTimeout(60_000);
                String key = key(socket);
                client.close();
                String accepted = Base64.getEncoder()
                        .encodeToString(sha1(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
                socket.getOutputStream()
                        .write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                + "Sec-WebSocket-Accept: " + accepted + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                assertThat(ended(socket)).isTrue();
            }
        }
    }

    /** Whether the other side goes; what it says before is of no interest. */
    private static boolean ended(Socket socket) {
        try {
            socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
            return true;
        } catch (java.net.SocketTimeoutException there) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    private static String key(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) socket.getInputStream().read());
        }
        Matcher key = KEY.matcher(head);
        assertThat(key.find()).isTrue();
        return key.group(1);
    }

    private static byte[] sha1(String text) throws NoSuchAlgorithmException {
        return MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.US_ASCII));
    }
}
