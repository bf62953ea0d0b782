package dev.parley.benchmarks.load;

import java.time.Duration;

/** One client speaks to a thousand in the same session; the next message follows when the last copy is there. */
final class FanOutLoad implements Scenario {

    private static final int FOLLOWERS = 1000;
    private static final int MESSAGES = 60;

    @Override
    public Report measure(Options options, ServerProcess model) {
        Report report = new Report("Fan-out: one message to 1,000 connections of one session", "µs/delivery");
        int count = options.scaled(FOLLOWERS);
        for (Target target : options.ordered(Target.PARLEY, Target.FLOOR, Target.NETTY, Target.TYRUS, Target.NODE_WS)) {
            try (ServerProcess server = target.start(options, model.port());
                    Loop loop = new Loop()) {
                Crowd crowd =
                        new Crowd(loop).connect(server.port(), count, i -> "/ws/room?visibility=shared&token=u" + i);
                // Everybody is told who came: let that end.
                loop.run(Duration.ofSeconds(5));
                WarmUp.of(3, () -> once(server, loop, crowd, new Report("", ""), target));
                for (int rep = 0; rep < options.reps(); rep++) {
                    once(server, loop, crowd, report, target);
                }
                crowd.leave();
            }
        }
        report.note("Latency: from sending to each copy's arrival, generator and all. "
                + "Parley stores the message on the disk before it tells it; the others store nothing.");
        return report;
    }

    /** What compilers took of the server's processor time, in percent. */
    private static double once(ServerProcess server, Loop loop, Crowd crowd, Report report, Target target) {
        // The speaker is not told its own message by Parley when it gave an id.
        int copies = target.parley() ? crowd.clients().size() - 1 : crowd.clients().size();
        Samples latency = new Samples();
        Meter meter = Meter.begin(server);
        for (int i = 0; i < MESSAGES; i++) {
            long before = crowd.messages();
            long sent = System.nanoTime();
            crowd.whenMessage(() -> latency.add((System.nanoTime() - sent) / 1e6));
            crowd.clients()
                    .getFirst()
                    .ask("{\"type\":\"message\",\"id\":\"m" + sent
                            + "\",\"reply\":false,\"content\":\"everybody, this is a message of a plausible length for a room\"}");
            if (!loop.until(Duration.ofSeconds(30), () -> crowd.messages() - before >= copies)) {
                throw new IllegalStateException("Expected " + copies + " copies, found " + (crowd.messages() - before));
            }
        }
        double deliveries = (double) copies * MESSAGES;
        report.add(target, "µs/delivery", meter.serverMicros() / deliveries);
        report.add(target, "deliveries/s", deliveries / meter.seconds());
        report.add(target, "p50 ms", latency.median());
        report.add(target, "p99 ms", latency.at(0.99));
        report.add(target, "server % of a core", meter.serverPercent());
        report.add(target, "generator %", meter.generatorPercent());
        return meter.compilerPercent();
    }
}
