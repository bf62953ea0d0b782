package dev.parley.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How long a question waits for the first word while two hundred replies run: of the model itself, and with servers before it. */
final class FirstTokenLoad implements Scenario {

    private static final int REPLIES = 200;
    private static final int WORDS = 50;
    private static final int RATE = 50;
    private static final byte[] WORD = Bytes.ascii("\"content\":\" ");

    @Override
    public Report measure(Options options, ServerProcess model) {
        Report report = new Report(
                "Time to first word over calling the model directly: 200 running replies × 50 words/s", "added p50 ms");
        int count = options.scaled(REPLIES);
        Samples[] direct = new Samples[options.reps()];
        try (Loop loop = new Loop()) {
            directly(options, loop, model, count);
            for (int rep = 0; rep < options.reps(); rep++) {
                direct[rep] = directly(options, loop, model, count);
                add(report, "the model itself", direct[rep], direct[rep]);
            }
        }
        for (Target target : options.ordered(Target.PARLEY_OLLAMA, Target.NODE_PROXY)) {
            through(target, options, model, count, report, direct);
        }
        return report;
    }

    private static void through(
            Target target, Options options, ServerProcess model, int count, Report report, Samples[] direct) {
        try (ServerProcess server = target.start(options, model.port());
                Loop loop = new Loop()) {
            Crowd crowd = new Crowd(loop).connect(server.port(), count, i -> "/ws/s" + i + "?token=u" + i);
            WarmUp.of(2, () -> {
                Meter meter = Meter.begin(server);
                asked(options, loop, crowd);
                return meter.compilerPercent();
            });
            for (int rep = 0; rep < options.reps(); rep++) {
                Meter meter = Meter.begin(server);
                Samples waits = asked(options, loop, crowd);
                add(report, target.label(), waits, direct[rep]);
                report.add(target, "server % of a core", meter.serverPercent());
                report.add(target, "of it compilers %", meter.compilerPercent());
                report.add(target, "generator %", meter.generatorPercent());
            }
            crowd.leave();
        }
    }

    private static void add(Report report, String row, Samples waits, Samples direct) {
        report.add(row, "added p50 ms", waits.median() - direct.median());
        report.add(row, "added p99 ms", waits.at(0.99) - direct.at(0.99));
        report.add(row, "p50 ms", waits.median());
        report.add(row, "p99 ms", waits.at(0.99));
    }

    /** Each client asks in its own turn, once in as long as a reply takes and a little more. */
    private static Samples asked(Options options, Loop loop, Crowd crowd) {
        Samples waits = new Samples();
        long rounds = Math.max(2, options.time().toSeconds());
        long round = round();
        int count = crowd.clients().size();
        long begun = System.nanoTime();
        crowd.clients().forEach(client -> client.whenAnswered(() -> waits.add(client.waited() / 1e6)));
        long ended = crowd.ends();
        long[] questions = {0};
        for (long i = 0; i < rounds * count; i++) {
            Crowd.Client client = crowd.clients().get((int) (i % count));
            loop.at(begun + i * round / count, () -> {
                // A cold server may still be busy with the last one: then this one is left out.
                if (client.replied()) {
                    questions[0]++;
                    client.ask("{\"type\":\"message\",\"content\":\"#" + WORDS + "@" + RATE + "\"}");
                }
            });
        }
        loop.run(Duration.ofNanos((rounds + 1) * round));
        if (!loop.until(Duration.ofSeconds(60), () -> crowd.ends() - ended >= questions[0])) {
            throw new IllegalStateException(
                    "Expected " + questions[0] + " replies to end, found " + (crowd.ends() - ended));
        }
        return waits;
    }

    private static long round() {
        return 1_100_000_000L * WORDS / RATE;
    }

    private static Samples directly(Options options, Loop loop, ServerProcess model, int count) {
        Samples waits = new Samples();
        long rounds = Math.max(2, options.time().toSeconds());
        long begun = System.nanoTime();
        String body = "{\"model\":\"bench\",\"messages\":[{\"role\":\"user\",\"content\":\"#" + WORDS + "@" + RATE + "\"}]}";
        String request = "POST /api/chat HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
        List<long[]> asked = new ArrayList<>();
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                long[] since = {0};
                asked.add(since);
                sockets.add(Socket.plain(loop, model.port(), "", (socket, bytes, from, length) -> {
                    if (since[0] != 0 && Bytes.find(bytes, from, from + length, WORD) >= 0) {
                        waits.add((System.nanoTime() - since[0]) / 1e6);
                        since[0] = 0;
                    }
                }));
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        for (long i = 0; i < rounds * count; i++) {
            int client = (int) (i % count);
            loop.at(begun + i * round() / count, () -> {
                asked.get(client)[0] = System.nanoTime();
                sockets.get(client).sendPlain(request);
            });
        }
        loop.run(Duration.ofNanos((rounds + 1) * round()));
        sockets.forEach(Socket::cut);
        return waits;
    }
}
