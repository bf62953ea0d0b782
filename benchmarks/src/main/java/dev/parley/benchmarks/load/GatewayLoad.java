package dev.parley.benchmarks.load;

import java.time.Duration;

/** Stock Socket.IO: what is told to a room, streamed and kept for idle clients, beside the reference server. */
final class GatewayLoad {

    private static final Target[] TARGETS = {Target.PARLEY, Target.NODE_SOCKETIO};
    private static final int WARM_UPS = 3;
    private static final int MESSAGES = 60;
    private static final int RATE = 50;
    private static final Duration LEAD = Duration.ofSeconds(2);

    private GatewayLoad() {}

    /** One client speaks to a thousand in the same session; the next message follows when the last copy is there. */
    static Scenario fanOut() {
        return (options, model) -> {
            Report report = new Report("Socket.IO, fan-out: one message to 1,000 WebSockets of one session", "µs/delivery");
            for (Target target : options.ordered(TARGETS)) {
                try (ServerProcess server = target.start(options, model.port());
                        Loop loop = new Loop()) {
                    GatewayCrowd crowd =
                            new GatewayCrowd(loop).connect(server.port(), options.scaled(1000), false, i -> "room");
                    loop.run(Duration.ofSeconds(5));
                    for (int rep = -WARM_UPS; rep < options.reps(); rep++) {
                        fanOut(server, loop, crowd, rep < 0 ? new Report("", "") : report, target);
                    }
                    crowd.leave();
                }
            }
            report.note(
                    "Parley stores the message on the disk before it tells it; the other stores nothing and has no recovery.");
            return report;
        };
    }

    private static void fanOut(ServerProcess server, Loop loop, GatewayCrowd crowd, Report report, Target target) {
        int copies = crowd.clients().size();
        Samples latency = new Samples();
        Meter meter = Meter.begin(server);
        for (int i = 0; i < MESSAGES; i++) {
            long before = crowd.messages();
            long sent = System.nanoTime();
            crowd.whenMessage(() -> latency.add((System.nanoTime() - sent) / 1e6));
            crowd.clients()
                    .getFirst()
                    .socket()
                    .send("42/chat,1[\"message:send\",{\"sessionId\":\"room\",\"clientId\":\"m" + sent
                            + "\",\"content\":\"everybody, this is a message of a plausible length for a room\"}]");
            if (!loop.until(Duration.ofSeconds(30), () -> crowd.messages() - before >= copies)) {
                throw new IllegalStateException("Expected " + copies + " copies, found " + (crowd.messages() - before));
            }
        }
        double deliveries = (double) copies * MESSAGES;
        report.add(target, "µs/delivery", meter.serverMicros() / deliveries);
        report.add(target, "deliveries/s", deliveries / meter.seconds());
        report.add(target, "p50 ms", latency.median());
        report.add(target, "p99 ms", latency.at(0.99));
        report.add(target, "generator %", meter.generatorPercent());
    }

    /** Replies to as many clients as are there, each in a session of its own, measured while all run. */
    static Scenario paced() {
        return (options, model) -> {
            Report report = new Report("Socket.IO, streamed chunks, paced: 500 WebSockets × 50 words/s", "µs/chunk");
            for (Target target : options.ordered(TARGETS)) {
                try (ServerProcess server = target.start(options, model.port());
                        Loop loop = new Loop()) {
                    GatewayCrowd crowd =
                            new GatewayCrowd(loop).connect(server.port(), options.scaled(500), false, i -> "s" + i);
                    for (int rep = -WARM_UPS; rep < options.reps(); rep++) {
                        paced(options, server, loop, crowd, rep < 0 ? new Report("", "") : report, target);
                    }
                    crowd.leave();
                }
            }
            report.note("Each word a chunk. Parley keeps each word in the reply's log and its text safe once a second.");
            return report;
        };
    }

    private static void paced(
            Options options, ServerProcess server, Loop loop, GatewayCrowd crowd, Report report, Target target) {
        int count = crowd.clients().size();
        long ends = crowd.ends() + count;
        long words = (options.time().plus(LEAD).plus(LEAD).toMillis() * RATE) / 1000;
        long begun = System.nanoTime();
        long apart = LEAD.toNanos() / 2 / count;
        for (int i = 0; i < count; i++) {
            GatewayCrowd.Client client = crowd.clients().get(i);
            String ask = "42/chat,[\"stream:request\",{\"sessionId\":\"" + client.session + "\",\"prompt\":\"#" + words + "@"
                    + RATE + "\"}]";
            loop.at(begun + i * apart, () -> client.socket().send(ask));
        }
        loop.run(LEAD);
        Meter meter = Meter.begin(server);
        long before = crowd.chunks();
        loop.run(options.time());
        double chunks = crowd.chunks() - before;
        report.add(target, "µs/chunk", meter.serverMicros() / chunks);
        report.add(target, "chunks/s", chunks / meter.seconds());
        report.add(target, "server % of a core", meter.serverPercent());
        report.add(target, "generator %", meter.generatorPercent());
        if (!loop.until(Duration.ofSeconds(90), () -> crowd.ends() >= ends)) {
            report.note(target.label() + ": " + (ends - crowd.ends()) + " replies did not end.");
        }
        loop.run(Duration.ofMillis(300));
    }

    /** Memory for each client that says nothing, over a WebSocket or with a poll that waits, each in a session of its own. */
    static Scenario idle() {
        return (options, model) -> {
            Report report = new Report("Socket.IO, idle clients: memory for each of 2,000", "WebSocket RSS KB");
            for (Target target : options.ordered(TARGETS)) {
                idle(options, model, target, report, false);
                idle(options, model, target, report, true);
            }
            report.note("Heap after a collection, RSS of the whole process, both less what fifty clients had taken.");
            return report;
        };
    }

    private static void idle(Options options, ServerProcess model, Target target, Report report, boolean polling) {
        String kind = polling ? "polling" : "WebSocket";
        try (ServerProcess server = target.start(options, model.port());
                Loop loop = new Loop()) {
            int count = options.scaled(2000);
            GatewayCrowd crowd = new GatewayCrowd(loop).connect(server.port(), 50, polling, i -> "warm" + i);
            loop.run(Duration.ofSeconds(1));
            double heap = server.heapKilobytes();
            double resident = server.residentKilobytes();
            long began = System.nanoTime();
            crowd.connect(server.port(), count, polling, i -> "s" + i);
            double rate = count / ((System.nanoTime() - began) / 1e9);
            // Before the first ping.
            loop.run(Duration.ofSeconds(4));
            report.add(target, kind + " heap KB", (server.heapKilobytes() - heap) / count);
            report.add(target, kind + " RSS KB", (server.residentKilobytes() - resident) / count);
            report.add(target, kind + " connects/s", rate);
            crowd.leave();
        }
    }
}
