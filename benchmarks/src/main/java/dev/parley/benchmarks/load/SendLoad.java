package dev.parley.benchmarks.load;

import java.time.Duration;

/** Two hundred clients that each send the next message when the one before is acknowledged. */
final class SendLoad implements Scenario {

    private static final int CLIENTS = 200;

    @Override
    public Report measure(Options options, ServerProcess model) {
        Report report = new Report("Acknowledged messages over the wire: 200 clients, closed loop", "µs/message");
        int count = options.scaled(CLIENTS);
        for (Target target : options.ordered(Target.PARLEY, Target.TYRUS, Target.NODE_WS)) {
            try (ServerProcess server = target.start(options, model.port());
                    Loop loop = new Loop()) {
                Crowd crowd = new Crowd(loop).connect(server.port(), count, i -> "/ws/s" + i + "?token=u" + i);
                WarmUp.of(1, () -> once(options, server, loop, crowd, new Report("", ""), target));
                for (int rep = 0; rep < options.reps(); rep++) {
                    once(options, server, loop, crowd, report, target);
                }
                crowd.leave();
            }
        }
        report.note("Parley acknowledges what is on the disk; the others acknowledge and store nothing.");
        return report;
    }

    /** What compilers took of the server's processor time, in percent. */
    private static double once(
            Options options, ServerProcess server, Loop loop, Crowd crowd, Report report, Target target) {
        Samples latency = new Samples();
        boolean[] over = {false};
        Meter meter = Meter.begin(server);
        for (Crowd.Client client : crowd.clients()) {
            client.whenAnswered(() -> {
                latency.add(client.waited() / 1e6);
                if (!over[0]) {
                    send(client);
                }
            });
            send(client);
        }
        loop.run(options.time());
        double micros = meter.serverMicros();
        double seconds = meter.seconds();
        int sent = latency.count();
        report.add(target, "µs/message", micros / sent);
        report.add(target, "messages/s", sent / seconds);
        report.add(target, "p50 ms", latency.median());
        report.add(target, "p99 ms", latency.at(0.99));
        report.add(target, "server % of a core", meter.serverPercent());
        report.add(target, "generator %", meter.generatorPercent());
        double compiling = meter.compilerPercent();
        over[0] = true;
        loop.run(Duration.ofMillis(500));
        return compiling;
    }

    private static void send(Crowd.Client client) {
        client.ask("{\"type\":\"message\",\"id\":\"m" + System.nanoTime()
                + "\",\"reply\":false,\"content\":\"How do I bake bread without yeast, and how long does it take?\"}");
    }
}
