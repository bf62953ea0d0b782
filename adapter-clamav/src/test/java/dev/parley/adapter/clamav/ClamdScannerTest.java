package dev.parley.adapter.clamav;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.attachment.FileContent;
import dev.parley.domain.attachment.VirusScanner.Scan;
import dev.parley.testkit.file.Bytes;
import dev.parley.testkit.time.ManualTime;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a clamd that misbehaves makes of a file: never clean. */
final class ClamdScannerTest {

    private static final byte[] FILE = new byte[200_000];
    private static final byte[] LARGE = new byte[64 * 1024 * 1024];

    /** The pool that is everybody's has one thread where there are two processors, and here two wait for each other. */
    private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

    private final ManualTime time = new ManualTime();
    private ServerSocket listening;

    /** What the scripted clamd does with a connection. */
    private interface Script {
        void with(DataInputStream in, Socket socket) throws IOException, InterruptedException;
    }

    @BeforeEach
    void listen() throws IOException {
        listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        listening.close();
    }

    @Test
    void all_of_the_file_is_sent_and_ok_is_clean() {
        CompletableFuture<Integer> length = new CompletableFuture<>();
        Scan scan = scanned((in, socket) -> {
            length.complete(stream(in));
            say(socket, "stream: OK\0");
        });
        assertThat(scan).isEqualTo(new Scan.Clean());
        assertThat(length).isCompletedWithValue(FILE.length);
    }

    @Test
    void a_find_is_named() {
        assertThat(answered("stream: Win.Test.EICAR_HDB-1 FOUND\0")).isEqualTo(new Scan.Infected("Win.Test.EICAR_HDB-1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stream: OK",
                "",
                "\0",
                "OK\0",
                "stream: OK \0",
                "stream: not OK\0",
                "INSTREAM size limit exceeded. ERROR\0",
                "UNKNOWN COMMAND\0",
                "HTTP/1.1 200 OK\r\n\r\n\0"
            })
    void what_is_no_verdict_is_unscannable(String answer) {
        assertThat(answered(answer)).isInstanceOf(Scan.Unscannable.class);
    }

    @Test
    void an_answer_without_end_is_cut() {
        assertThat(answered("stream: " + "x".repeat(100_000))).isInstanceOf(Scan.Unscannable.class);
    }

    @Test
    void ok_to_a_part_of_the_file_is_not_clean() {
        CompletableFuture<Void> clamd = serve((in, socket) -> {
            in.readNBytes(1000);
            say(socket, "stream: OK\0");
        });
        // More than lies between the two, so that the scanner still writes when clamd hangs up.
        assertThat(scanner().scan(new Bytes(LARGE))).isInstanceOf(Scan.Unscannable.class);
        clamd.join();
    }

    @Test
    void a_clamd_that_is_away_makes_the_file_unscannable() throws IOException {
        listening.close();
        assertThat(scanner().scan(new Bytes(FILE))).isInstanceOf(Scan.Unscannable.class);
        assertThat(scanner().reachable()).isFalse();
    }

    @Test
    void a_clamd_that_says_nothing_is_given_up_after_the_limit() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        CompletableFuture<Void> clamd = serve((in, socket) -> {
            stream(in);
            read.countDown();
            end.await();
        });
        CompletableFuture<Scan> scan = CompletableFuture.supplyAsync(() -> scanner().scan(new Bytes(FILE)), THREADS);
        read.await();
        time.advance(Duration.ofMinutes(2));
        assertThat(scan.get()).isInstanceOfSatisfying(
                Scan.Unscannable.class, late -> assertThat(late.reason()).contains("within"));
        end.countDown();
        clamd.get();
    }

    @Test
    void a_clamd_that_stops_reading_is_given_up_after_the_limit() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        CompletableFuture<Void> clamd = serve((in, socket) -> {
            in.readNBytes(14);
            begun.countDown();
            end.await();
        });
        CompletableFuture<Scan> scan =
                CompletableFuture.supplyAsync(() -> scanner().scan(new Bytes(LARGE)), THREADS);
        begun.await();
        time.advance(Duration.ofMinutes(2));
        assertThat(scan.get()).isInstanceOf(Scan.Unscannable.class);
        end.countDown();
        clamd.get();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 199_999, 200_001})
    void a_file_of_another_size_than_it_says_is_unscannable(long said) throws Exception {
        CompletableFuture<Void> clamd = serve((in, socket) -> {
            try {
                stream(in);
                say(socket, "stream: OK\0");
            } catch (IOException hungUp) {
                socket.close();
            }
        });
        assertThat(scanner().scan(new Sized(new Bytes(FILE), said))).isInstanceOf(Scan.Unscannable.class);
        clamd.get();
    }

    @Test
    void a_file_that_cannot_be_read_is_unscannable() throws Exception {
        FileContent broken = new FileContent() {
            @Override
            public long size() {
                return 10;
            }

            @Override
            public InputStream open(long offset) {
                return new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("the disk is gone");
                    }

                    @Override
                    public int read(byte[] target, int offset, int length) throws IOException {
                        return read();
                    }
                };
            }
        };
        CompletableFuture<Void> clamd = serve((in, socket) -> socket.close());
        assertThat(scanner().scan(broken)).isInstanceOf(Scan.Unscannable.class);
        clamd.get();
    }

    private Scan answered(String answer) {
        return scanned((in, socket) -> {
            stream(in);
            say(socket, answer);
        });
    }

    private Scan scanned(Script script) {
        CompletableFuture<Void> clamd = serve(script);
        Scan scan = scanner().scan(new Bytes(FILE));
        clamd.join();
        return scan;
    }

    private ClamdScanner scanner() {
        return new ClamdScanner(ClamdSettings.at("127.0.0.1", listening.getLocalPort()), time);
    }

    private CompletableFuture<Void> serve(Script script) {
        return CompletableFuture.runAsync(() -> {
            try (Socket socket = listening.accept()) {
                script.with(new DataInputStream(socket.getInputStream()), socket);
            } catch (IOException hungUp) {
                // Scanners that give up hang up.
                assertThat(hungUp).isNotNull();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }, THREADS);
    }

    /** Reads what INSTREAM sends; returns how many bytes of file. */
    private static int stream(DataInputStream in) throws IOException {
        assertThat(new String(in.readNBytes(10), StandardCharsets.US_ASCII)).isEqualTo("zINSTREAM\0");
        int total = 0;
        for (int length = in.readInt(); length > 0; length = in.readInt()) {
            in.readNBytes(length);
            total += length;
        }
        return total;
    }

    private static void say(Socket socket, String answer) throws IOException {
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }
}
