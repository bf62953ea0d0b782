package dev.parley.benchmarks.load;

import java.time.Duration;
import java.util.List;

/** What a reply asks of Redis and sends to it, by how long it takes and how many words it has. */
final class RedisUseLoad implements Scenario {

    private static final int CLIENTS = 10;
    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final Duration AFTERWARDS = Duration.ofMillis(500);

    /** A kind of reply. */
    private record Kind(int words, int rate) {
        String name() {
            return words + " words in " + words / rate + " s";
        }
    }

    private static final List<Kind> KINDS = List.of(
            new Kind(100, 25),
            new Kind(200, 50),
            new Kind(400, 100),
            new Kind(800, 200),
            new Kind(100, 50),
            new Kind(400, 50),
            new Kind(500, 100),
            new Kind(1000, 100),
            new Kind(2000, 100));

    /** What was asked and sent at a moment. */
    private record Reading(long at, double requests, double scripts, double bytes) {
        static Reading of(BenchRedis redis, BenchRedis.Requests requests) {
            return new Reading(System.nanoTime(), requests.count(), redis.scripts(), redis.bytesIn());
        }
    }

    @Override
    public Report measure(Options options, ServerProcess model) {
        Report report = new Report("What a reply asks of Redis", "requests/s");
        try (BenchRedis redis = BenchRedis.start();
                Loop loop = new Loop();
                ServerProcess server = Target.whole(options, redis.address());
                BenchRedis.Requests requests = redis.listen()) {
            Crowd crowd = new Crowd(loop).connect(server.port(), CLIENTS, i -> "/ws/s" + i + "?token=u" + i);
            asked(loop, crowd, KINDS.getFirst());
            Reading before = Reading.of(redis, requests);
            loop.run(IDLE);
            Reading after = Reading.of(redis, requests);
            double seconds = (after.at() - before.at()) / 1e9;
            Reading idle = new Reading(
                    0,
                    (after.requests() - before.requests()) / seconds,
                    (after.scripts() - before.scripts()) / seconds,
                    (after.bytes() - before.bytes()) / seconds);
            for (Kind kind : KINDS) {
                for (int rep = 0; rep < options.reps(); rep++) {
                    once(loop, crowd, kind, redis, requests, idle, report);
                }
            }
            report.note(String.format(
                    "Taken off: what an idle server with %d connections asks, %.1f requests and %.0f bytes a second. Requests: by MONITOR,"
                            + " what scripts do inside is none of them. Scripts: by INFO commandstats. Bytes: by INFO"
                            + " total_net_input_bytes.",
                    CLIENTS, idle.requests(), idle.bytes()));
            crowd.leave();
        }
        return report;
    }

    private static void once(
            Loop loop,
            Crowd crowd,
            Kind kind,
            BenchRedis redis,
            BenchRedis.Requests requests,
            Reading idle,
            Report report) {
        Reading before = Reading.of(redis, requests);
        asked(loop, crowd, kind);
        Reading after = Reading.of(redis, requests);
        double seconds = (after.at() - before.at()) / 1e9;
        double asked = (after.requests() - before.requests() - idle.requests() * seconds) / CLIENTS;
        double scripts = (after.scripts() - before.scripts() - idle.scripts() * seconds) / CLIENTS;
        double bytes = (after.bytes() - before.bytes() - idle.bytes() * seconds) / CLIENTS;
        report.add(kind.name(), "requests", asked);
        report.add(kind.name(), "requests/s", asked * kind.rate() / kind.words());
        report.add(kind.name(), "of them scripts", scripts);
        report.add(kind.name(), "bytes", bytes);
        report.add(kind.name(), "bytes/word", bytes / kind.words());
    }

    private static void asked(Loop loop, Crowd crowd, Kind kind) {
        long ends = crowd.ends() + CLIENTS;
        crowd.clients()
                .forEach(client -> client.ask(
                        "{\"type\":\"message\",\"content\":\"#" + kind.words() + "@" + kind.rate() + "\"}"));
        if (!loop.until(Duration.ofMinutes(2), () -> crowd.ends() >= ends)) {
            throw new IllegalStateException("Expected all replies of " + kind.name() + " to end");
        }
        loop.run(AFTERWARDS);
    }
}
