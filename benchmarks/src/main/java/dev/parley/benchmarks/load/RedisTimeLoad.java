package dev.parley.benchmarks.load;

import dev.parley.testkit.wire.FaultProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How long a paced reply takes on the whole server without Redis, with one on this machine, and with one that is 5 ms away; in turn,
 * so that each is compared with what the machine did in the same seconds.
 */
final class RedisTimeLoad implements Scenario {

    private static final int CLIENTS = 10;
    private static final int WORDS = 100;
    private static final int RATE = 50;
    private static final int ROUNDS = 10;
    private static final int WARM_UPS = 5;
    private static final Duration ONE_WAY = Duration.ofNanos(2_500_000);
    private static final Duration APART = Duration.ofMillis(20);

    /** A server and those who ask it. */
    private record Party(String name, ServerProcess server, Crowd crowd) {}

    @Override
    public Report measure(Options options, ServerProcess model) {
        Report report = new Report(
                "A paced reply of " + WORDS + " words (" + RATE + " words/s) with Redis beside none, in turn", "wall ms");
        try (BenchRedis redis = BenchRedis.start();
                FaultProxy line = FaultProxy.before("127.0.0.1", redis.port());
                Loop loop = new Loop();
                ServerProcess alone = Target.whole(options, "");
                ServerProcess near = Target.whole(options, redis.address() + "?prefix=near:");
                ServerProcess far =
                        Target.whole(options, "redis://" + line.host() + ":" + line.port() + "?prefix=far:")) {
            line.delay(ONE_WAY);
            List<Party> parties = List.of(
                    party("Parley without Redis", alone, loop),
                    party("Parley, Redis on this machine", near, loop),
                    party("Parley, Redis 5 ms away", far, loop));
            for (int i = 0; i < WARM_UPS; i++) {
                parties.forEach(party -> asked(loop, party));
            }
            for (int round = 0; round < ROUNDS * options.reps(); round++) {
                round(loop, parties, round, report);
            }
            parties.forEach(party -> party.crowd().leave());
        }
        report.note("Added: of each client's reply, over the same client's reply without Redis in the same round.");
        return report;
    }

    private static Party party(String name, ServerProcess server, Loop loop) {
        Crowd crowd = new Crowd(loop).connect(server.port(), CLIENTS, i -> "/ws/s" + i + "?token=u" + i);
        return new Party(name, server, crowd);
    }

    /** Whoever is first one time is last the next. */
    private static void round(Loop loop, List<Party> parties, int round, Report report) {
        double[][] took = new double[parties.size()][];
        for (int i = 0; i < parties.size(); i++) {
            int turn = (i + round) % parties.size();
            took[turn] = asked(loop, parties.get(turn));
        }
        for (int turn = 0; turn < parties.size(); turn++) {
            Party party = parties.get(turn);
            for (int client = 0; client < CLIENTS; client++) {
                report.add(party.name(), "wall ms", took[turn][client]);
                report.add(party.name(), "first word ms", party.crowd().clients().get(client).waited() / 1e6);
                report.add(party.name(), "added %", 100 * (took[turn][client] / took[0][client] - 1));
            }
        }
    }

    /** How long each client's reply took, in milliseconds. */
    private static double[] asked(Loop loop, Party party) {
        Crowd crowd = party.crowd();
        long ends = crowd.ends() + CLIENTS;
        long begun = System.nanoTime();
        for (int i = 0; i < CLIENTS; i++) {
            Crowd.Client client = crowd.clients().get(i);
            loop.at(begun + i * APART.toNanos(), () -> client.ask(
                    "{\"type\":\"message\",\"content\":\"#" + WORDS + "@" + RATE + "\"}"));
        }
        if (!loop.until(Duration.ofSeconds(60), () -> crowd.ends() >= ends)) {
            throw new IllegalStateException("Expected all replies of " + party.name() + " to end");
        }
        List<Double> took = new ArrayList<>();
        crowd.clients().forEach(client -> took.add(client.took() / 1e6));
        return took.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
