package dev.parley.benchmarks.load;

import java.time.Duration;
import java.util.List;

/** Replies to as many connections as are there, each in a session of its own: paced, or as fast as it goes. */
final class StreamLoad implements Scenario {

    private static final int WARM_UPS = 5;

    private static final Duration LEAD = Duration.ofSeconds(2);

    private final String title;
    private final List<Target> targets;
    private final int connections;
    private final int rate;
    private final int raceWords;

    private StreamLoad(String title, List<Target> targets, int connections, int rate, int raceWords) {
        this.title = title;
        this.targets = targets;
        this.connections = connections;
        this.rate = rate;
        this.raceWords = raceWords;
    }

    static StreamLoad paced() {
        return new StreamLoad(
                "Streamed frames, paced: 1,000 connections × 50 words/s",
                List.of(
                        Target.PARLEY,
                        Target.PARLEY_COALESCING,
                        Target.FLOOR,
                        Target.FLOOR_COALESCING,
                        Target.NETTY,
                        Target.TYRUS,
                        Target.NODE_WS),
                1000,
                50,
                0);
    }

    static StreamLoad saturated() {
        return new StreamLoad(
                "Streamed frames, saturated: 100 connections, as fast as it goes",
                List.of(Target.PARLEY, Target.PARLEY_COALESCING, Target.TYRUS, Target.NODE_WS),
                100,
                0,
                5000);
    }

    static StreamLoad endToEnd() {
        return new StreamLoad(
                "A model's word end to end: 500 replies × 50 words/s from a model's server",
                List.of(Target.PARLEY_OLLAMA, Target.FLOOR_PROXY, Target.NODE_PROXY),
                500,
                50,
                0);
    }

    static StreamLoad endToEndSaturated() {
        return new StreamLoad(
                "A model's word end to end: 100 replies, as fast as the model's server goes",
                List.of(Target.PARLEY_OLLAMA, Target.NODE_PROXY),
                100,
                0,
                5000);
    }

    @Override
    public Report measure(Options options, ServerProcess model) {
        Report report = new Report(title, "µs/word");
        int count = options.scaled(connections);
        for (Target target : options.ordered(targets.toArray(Target[]::new))) {
            try (ServerProcess server = target.start(options, model.port());
                    Loop loop = new Loop()) {
                Crowd crowd = new Crowd(loop).connect(server.port(), count, i -> "/ws/s" + i + "?token=u" + i);
                WarmUp.of(WARM_UPS, () -> once(options, server, loop, crowd, new Report("", ""), target));
                for (int rep = 0; rep < options.reps(); rep++) {
                    once(options, server, loop, crowd, report, target);
                }
                crowd.leave();
            }
        }
        return report;
    }

    /** The percentage that compilers took of the server's processor time. */
    private double once(Options options, ServerProcess server, Loop loop, Crowd crowd, Report report, Target target) {
        int count = crowd.clients().size();
        long endsBefore = crowd.ends();
        double compiling;
        if (rate == 0) {
            Meter meter = Meter.begin(server);
            double wordsBefore = crowd.words();
            long chunksBefore = crowd.chunks();
            crowd.clients().forEach(client -> client.ask(question(raceWords)));
            awaitEnds(loop, crowd, endsBefore + count, report, target);
            compiling = meter.compilerPercent();
            add(report, target, meter, crowd.words() - wordsBefore, (double) (crowd.chunks() - chunksBefore));
        } else {
            // What asking costs is measured elsewhere: here all replies run already, and still do afterwards.
            long words = (options.time().plus(LEAD).plus(LEAD).toMillis() * rate) / 1000;
            long begun = System.nanoTime();
            long apart = LEAD.toNanos() / 2 / count;
            for (int i = 0; i < count; i++) {
                Crowd.Client client = crowd.clients().get(i);
                loop.at(begun + i * apart, () -> client.ask(question(words)));
            }
            loop.run(LEAD);
            Meter meter = Meter.begin(server);
            double wordsBefore = crowd.words();
            long chunksBefore = crowd.chunks();
            loop.run(options.time());
            compiling = meter.compilerPercent();
            add(report, target, meter, crowd.words() - wordsBefore, (double) (crowd.chunks() - chunksBefore));
            awaitEnds(loop, crowd, endsBefore + count, report, target);
        }
        loop.run(Duration.ofMillis(300));
        return compiling;
    }

    private String question(long words) {
        return "{\"type\":\"message\",\"content\":\"#" + words + "@" + rate + "\"}";
    }

    private static void awaitEnds(Loop loop, Crowd crowd, long ends, Report report, Target target) {
        if (!loop.until(Duration.ofSeconds(90), () -> crowd.ends() >= ends)) {
            report.note(target.label() + ": " + (ends - crowd.ends()) + " replies did not end.");
        }
    }

    private static void add(Report report, Target target, Meter meter, double words, double frames) {
        report.add(target, "µs/word", meter.serverMicros() / words);
        report.add(target, "µs/frame", meter.serverMicros() / frames);
        report.add(target, "words/s", words / meter.seconds());
        report.add(target, "server % of a core", meter.serverPercent());
        report.add(target, "of it compilers %", meter.compilerPercent());
        report.add(target, "generator %", meter.generatorPercent());
    }
}
