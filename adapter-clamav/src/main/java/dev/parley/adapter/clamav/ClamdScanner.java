package dev.parley.adapter.clamav;

import dev.parley.domain.Registration;
import dev.parley.domain.attachment.FileContent;
import dev.parley.domain.attachment.VirusScanner;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.time.Timers;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Asks clamd, one connection a scan, by its command {@code INSTREAM} (clamd(8)): chunks with their length before them, an empty one
 * at the end, one line back.
 *
 * <p>Only the answer {@code OK} to a stream that was sent to its end is clean. A clamd that is away, slow, full or that says
 * anything else makes the file unscannable. Files above clamd's {@code StreamMaxLength} are unscannable too; those above its
 * {@code MaxFileSize} it calls clean without a look, unless {@code AlertExceedsMax} is set.
 *
 * <p>Safe for use by many threads; opens nothing that outlives a scan.
 */
public final class ClamdScanner implements VirusScanner {

    private static final byte[] INSTREAM = "zINSTREAM\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PING = "zPING\0".getBytes(StandardCharsets.US_ASCII);
    private static final int CHUNK = 64 * 1024;
    private static final int LONGEST_ANSWER = 4096;
    private static final String FOUND = " FOUND";

    private final ClamdSettings settings;
    private final Timers timers;

    /** @param timers end scans that take too long */
    public ClamdScanner(ClamdSettings settings, Timers timers) {
        this.settings = settings;
        this.timers = timers;
    }

    @Override
    public Scan scan(FileContent content) {
        return exchange(socket -> verdict(sent(socket, content)));
    }

    /** Whether a clamd answers at the address. */
    public boolean reachable() {
        return exchange(socket -> {
            socket.getOutputStream().write(PING);
            String answer = answer(socket.getInputStream());
            return answer.equals("PONG") ? new Scan.Clean() : unknown(answer);
        }) instanceof Scan.Clean;
    }

    /** What is said and heard over one connection. */
    private interface Exchange {
        Scan over(Socket socket) throws IOException;
    }

    private Scan exchange(Exchange exchange) {
        AtomicBoolean late = new AtomicBoolean();
        try (Socket socket = new Socket()) {
            // A socket has no time limit for writing, and a clamd may stop reading.
            Registration limit = timers.after(settings.scan(), () -> {
                late.set(true);
                close(socket);
            });
            try {
                socket.connect(
                        new InetSocketAddress(settings.host(), settings.port()),
                        Math.toIntExact(settings.connect().toMillis()));
                return exchange.over(socket);
            } finally {
                limit.close();
            }
        } catch (IOException away) {
            return new Scan.Unscannable(
                    late.get()
                            ? "Expected clamd at " + settings + " to answer within " + settings.scan()
                            : "Expected clamd at " + settings + ", found " + away);
        } catch (UnavailableException unreadable) {
            return new Scan.Unscannable("Expected to read all of the file, found " + unreadable.getMessage());
        }
    }

    private static String sent(Socket socket, FileContent content) throws IOException {
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        try (Source source = new Source(content)) {
            out.write(INSTREAM);
            byte[] chunk = new byte[CHUNK];
            for (int length = source.read(chunk); length > 0; length = source.read(chunk)) {
                out.writeInt(length);
                out.write(chunk, 0, length);
            }
            out.writeInt(0);
        } catch (IOException cut) {
            // clamd says why it does not want more and hangs up while we still write.
            return answerAfter(cut, socket);
        }
        return answer(socket.getInputStream());
    }

    private static String answerAfter(IOException cut, Socket socket) throws IOException {
        try {
            String answer = answer(socket.getInputStream());
            // Whatever it says of a part says nothing of the whole, unless it found something.
            if (answer.endsWith(FOUND) || answer.endsWith("ERROR")) {
                return answer;
            }
        } catch (IOException silent) {
            cut.addSuppressed(silent);
        }
        throw cut;
    }

    private static String answer(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != 0; next = in.read()) {
            if (next < 0) {
                throw new IOException("the connection closed before its answer ended");
            }
            if (line.size() == LONGEST_ANSWER) {
                throw new IOException("an answer of more than " + LONGEST_ANSWER + " bytes");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private static Scan verdict(String answer) {
        if (answer.equals("stream: OK")) {
            return new Scan.Clean();
        }
        if (answer.startsWith("stream: ") && answer.endsWith(FOUND)) {
            return new Scan.Infected(answer.substring("stream: ".length(), answer.length() - FOUND.length()));
        }
        return unknown(answer);
    }

    private static Scan unknown(String answer) {
        return new Scan.Unscannable("Expected a verdict of clamd, found: " + answer);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException closed) {
            System.getLogger(ClamdScanner.class.getName())
                    .log(System.Logger.Level.DEBUG, "A connection to clamd did not close", closed);
        }
    }
}
