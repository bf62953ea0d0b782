package dev.parley.benchmarks.load;

import dev.parley.benchmarks.peer.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A thousand clients lose their connection in the middle of a reply, all at once, and come back two seconds later. */
final class CutLoad implements Scenario {

    private static final int CLIENTS = 1000;
    private static final int WORDS = 300;
    private static final int RATE = 50;
    private static final Duration BEFORE = Duration.ofSeconds(2);
    private static final Duration AWAY = Duration.ofSeconds(2);

    private static final byte[] SEQ = Bytes.ascii("\"seq\":");
    private static final byte[] REPLY = Bytes.ascii("\"message_id\":\"");
    private static final byte[] CURSOR = Bytes.ascii("\"cursor\":\"");
    private static final byte[] CONTENT = Bytes.ascii("\"content\":\"");

    @Override
    public Report measure(Options options, ServerProcess model) {
        Report report = new Report(
                "1,000 clients cut for 2 s in the middle of a reply of 300 words (50 words/s)", "undelivered %");
        int count = options.scaled(CLIENTS);
        for (Target target : options.ordered(Target.PARLEY_OLLAMA, Target.NODE_PROXY)) {
            try (ServerProcess server = target.start(options, model.port());
                    Loop loop = new Loop()) {
                // Each has sessions of its own. Ours is warmed up; the proxy has nothing to come back to.
                int[] round = {0};
                if (target.parley()) {
                    WarmUp.of(2, () -> {
                        Meter meter = Meter.begin(server);
                        once(server, loop, target, count, round[0]++, new Report("", ""));
                        return meter.compilerPercent();
                    });
                }
                for (int rep = 0; rep < options.reps(); rep++) {
                    once(server, loop, target, count, round[0]++, report);
                }
            }
        }
        report.note("Replay: from the answered handshake to the frame that says that everything missed was told.");
        return report;
    }

    /** What one client has seen of its reply, over all its connections. */
    private static final class Reader {
        private final String address;
        private final Loop loop;
        private Socket socket;
        private String reply = "";
        private String cursor = "0";
        private long shown;
        private long duplicated;
        private long missing;
        private boolean connected;
        private boolean ended;
        private long resumed;

        Reader(Loop loop, int port, String address) throws IOException {
            this.loop = loop;
            this.address = address;
            this.socket = Socket.web(loop, port, address, this::received);
        }

        void comeBack(int port) {
            try {
                socket = Socket.web(
                        loop, port, address + "&since=" + cursor + "&streams=" + reply + ":" + shown, this::received);
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }

        private void received(Socket from, byte[] bytes, int offset, int length) {
            String newer = Bytes.text(bytes, offset, length, CURSOR);
            boolean connecting = Bytes.starts(bytes, offset, length, Bytes.CONNECTED);
            if (!newer.isEmpty() && !(connecting && connected)) {
                cursor = newer;
            }
            if (connecting) {
                connected = true;
            } else if (Bytes.starts(bytes, offset, length, Bytes.START)) {
                reply = Bytes.text(bytes, offset, length, REPLY);
                duplicated += shown;
                shown = 0;
            } else if (Bytes.starts(bytes, offset, length, Bytes.CHUNK)) {
                long to = Bytes.number(bytes, offset, length, SEQ);
                long begin = to - Bytes.text(bytes, offset, length, CONTENT).length();
                duplicated += Math.max(0, shown - begin);
                missing += Math.max(0, begin - shown);
                shown = to;
            } else if (Bytes.starts(bytes, offset, length, Bytes.END)) {
                ended = true;
            } else if (Bytes.starts(bytes, offset, length, Bytes.RESUMED)) {
                resumed = System.nanoTime();
            }
        }
    }

    private static void once(ServerProcess server, Loop loop, Target target, int count, int rep, Report report) {
        List<Reader> readers = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                readers.add(new Reader(loop, server.port(), "/ws/s" + rep + "-" + i + "?token=u" + i));
                if (i % 64 == 63) {
                    Reader newest = readers.getLast();
                    loop.until(Duration.ofSeconds(20), () -> newest.connected);
                }
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        loop.until(Duration.ofSeconds(20), () -> readers.stream().allMatch(reader -> reader.connected));
        readers.forEach(reader -> reader.socket.send(
                "{\"type\":\"message\",\"id\":\"q\",\"content\":\"#" + WORDS + "@" + RATE + "\"}"));
        loop.run(BEFORE);
        readers.forEach(reader -> reader.socket.cut());
        long cut = System.nanoTime();
        loop.run(AWAY);
        readers.forEach(reader -> reader.comeBack(server.port()));
        loop.until(Duration.ofSeconds(target.parley() ? 30 : 8), () -> readers.stream().allMatch(reader -> reader.ended));
        Samples replay = new Samples();
        Samples outage = new Samples();
        long wanted = (long) count * WORDS * Script.WORD.length();
        long shown = 0;
        long duplicated = 0;
        long missing = 0;
        for (Reader reader : readers) {
            shown += reader.shown;
            duplicated += reader.duplicated;
            missing += reader.missing;
            if (reader.resumed > 0) {
                replay.add((reader.resumed - reader.socket.openedAt()) / 1e6);
                outage.add((reader.resumed - cut) / 1e6);
            }
            reader.socket.cut();
        }
        report.add(target, "delivered %", 100.0 * (shown - missing) / wanted);
        report.add(target, "undelivered %", 100.0 - 100.0 * (shown - missing) / wanted);
        report.add(target, "characters twice", (double) duplicated);
        report.add(target, "came back", replay.count());
        report.add(target, "replay p50 ms", replay.median());
        report.add(target, "replay p99 ms", replay.at(0.99));
        report.add(target, "cut to caught up p99 ms", outage.at(0.99));
        loop.run(Duration.ofSeconds(2));
    }
}
