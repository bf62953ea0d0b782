package dev.parley.testkit.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultProxyTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** How long it is looked whether something comes that must not come. */
    private static final int A_LOOK = 60;

    private final ServerSocket echo;
    private FaultProxy line;
    private Thread serving;

    FaultProxyTest() throws IOException {
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @BeforeEach
    void start() {
        serving = Thread.ofVirtual().start(this::serve);
        line = FaultProxy.before("127.0.0.1", echo.getLocalPort());
    }

    @AfterEach
    void end() throws IOException {
        line.close();
        echo.close();
    }

    @Test
    void everything_gets_through_unchanged_until_something_is_said() throws IOException {
        byte[] content = new byte[1 << 20];
        new Random(1).nextBytes(content);
        try (Socket client = connect()) {
            Thread.ofVirtual().start(() -> send(client, content));
            assertThat(client.getInputStream().readNBytes(content.length)).isEqualTo(content);
            assertThat(line.passed(FaultProxy.Way.TO_SERVER)).isEqualTo(content.length);
            assertThat(line.accepted()).isEqualTo(1);
        }
    }

    @Test
    void an_end_is_passed_on_and_the_other_way_stays_open() throws IOException {
        try (Socket client = connect()) {
            send(client, "last words");
            client.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("last words");
        }
        until(() -> line.connections() == 0);
    }

    @Test
    void on_a_half_open_line_nothing_arrives_and_nobody_is_told_until_it_heals() throws IOException {
        try (Socket client = connect()) {
            echoes(client, "before");
            line.halfOpen();
            send(client, "meanwhile");
            nothingComes(client);
            try (Socket another = connect()) {
                send(another, "also");
                nothingComes(another);
                line.heal();
                reads(another, "also");
            }
            reads(client, "meanwhile");
        }
    }

    @Test
    void a_line_can_be_half_open_in_one_direction_alone() throws IOException {
        try (Socket client = connect()) {
            line.halfOpen(FaultProxy.Way.TO_CLIENT);
            send(client, "asked");
            until(() -> line.passed(FaultProxy.Way.TO_SERVER) == "asked".length());
            nothingComes(client);
            line.heal();
            reads(client, "asked");
        }
    }

    @Test
    void a_reset_is_told_to_clients_and_the_next_are_served() throws IOException {
        try (Socket client = connect()) {
            echoes(client, "before");
            line.reset();
            assertThatThrownBy(() -> client.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
        try (Socket next = connect()) {
            echoes(next, "after");
        }
    }

    @Test
    void a_half_open_line_that_is_reset_keeps_nothing() throws IOException {
        try (Socket client = connect()) {
            echoes(client, "before");
            line.halfOpen();
            send(client, "lost");
            line.reset();
            line.heal();
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThat(line.connections()).isZero();
            assertThat(line.passed(FaultProxy.Way.TO_SERVER)).isEqualTo("before".length());
        }
    }

    @Test
    void a_cut_line_ends_connections_and_refuses_others_until_it_heals_at_the_same_port() throws IOException {
        int port = line.port();
        try (Socket client = connect()) {
            echoes(client, "before");
            line.cut();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        }
        line.heal();
        assertThat(line.port()).isEqualTo(port);
        try (Socket next = connect()) {
            echoes(next, "after");
        }
    }

    @Test
    void a_line_can_be_cut_in_the_middle_of_an_answer() throws IOException {
        try (Socket client = connect()) {
            line.cutAfter(FaultProxy.Way.TO_CLIENT, 4);
            send(client, "acknowledged");
            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("ackn");
            assertThat(line.passed(FaultProxy.Way.TO_SERVER)).isEqualTo("acknowledged".length());
            until(() -> refused());
        }
        line.heal();
        try (Socket next = connect()) {
            echoes(next, "whole again");
        }
    }

    @Test
    void a_delay_holds_each_way() throws IOException {
        line.delay(Duration.ofMillis(40));
        try (Socket client = connect()) {
            long begun = System.nanoTime();
            echoes(client, "slowly");
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(80));
        }
    }

    @Test
    void a_throttled_line_lets_through_so_much_in_a_second() throws IOException {
        line.throttle(100_000);
        try (Socket client = connect()) {
            byte[] content = new byte[10_000];
            long begun = System.nanoTime();
            send(client, content);
            assertThat(client.getInputStream().readNBytes(content.length)).isEqualTo(content);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(80));
        }
    }

    @Test
    void whoever_connects_while_there_is_no_server_is_broken_off() throws Exception {
        echo.close();
        // The system listens until whoever accepts has let go.
        assertThat(serving.join(PATIENCE)).isTrue();
        try (Socket client = connect()) {
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void after_its_end_nobody_listens_and_healing_changes_nothing() throws IOException {
        try (Socket client = connect()) {
            echoes(client, "before");
            line.close();
            line.heal();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertThat(refused()).isTrue();
        }
    }

    private boolean refused() {
        try (Socket client = connect()) {
            return client.isClosed();
        } catch (IOException refused) {
            return refused instanceof ConnectException;
        }
    }

    private Socket connect() throws IOException {
        Socket client = new Socket(line.host(), line.port());
        client.setTcpNoDelay(true);
        client.setSoTimeout((int) PATIENCE.toMillis());
        return client;
    }

    private void serve() {
        try {
            while (true) {
                Socket client = echo.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException over) {
            assertThat(echo.isClosed()).isTrue();
        }
    }

    private static void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            client.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException broken) {
            assertThat(broken).isInstanceOf(SocketException.class);
        }
    }

    private static void send(Socket client, String text) {
        send(client, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(Socket client, byte[] content) {
        try {
            client.getOutputStream().write(content);
        } catch (IOException broken) {
            throw new AssertionError("Expected to send " + content.length + " bytes", broken);
        }
    }

    private static void echoes(Socket client, String text) throws IOException {
        send(client, text);
        reads(client, text);
    }

    private static void reads(Socket client, String text) throws IOException {
        assertThat(client.getInputStream().readNBytes(text.length())).asString().isEqualTo(text);
    }

    private static void nothingComes(Socket client) throws IOException {
        client.setSoTimeout(A_LOOK);
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        client.setSoTimeout((int) PATIENCE.toMillis());
    }

    private static void until(BooleanSupplier holds) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(200_000);
        }
    }
}
