package dev.parley.benchmarks.load;

import java.time.Duration;
import java.util.List;

/** Connections that say nothing, each in a session of its own. */
final class IdleLoad implements Scenario {

    private final List<Integer> counts;

    IdleLoad(List<Integer> counts) {
        this.counts = counts;
    }

    @Override
    public Report measure(Options options, ServerProcess model) {
        Report report = new Report("Idle connections: memory for each", "RSS KB at " + counts.getLast());
        for (Target target : options.ordered(Target.PARLEY, Target.NETTY, Target.TYRUS, Target.NODE_WS)) {
            try (ServerProcess server = target.start(options, model.port());
                    Loop loop = new Loop()) {
                Crowd crowd = new Crowd(loop).connect(server.port(), 50, i -> "/ws/warm" + i + "?token=w" + i);
                loop.run(Duration.ofSeconds(1));
                double heap = server.heapKilobytes();
                double resident = server.residentKilobytes();
                long began = System.nanoTime();
                int there = 0;
                for (int count : counts) {
                    int more = options.scaled(count) - there;
                    int first = there;
                    crowd.connect(server.port(), more, i -> "/ws/s" + (first + i) + "?token=u" + (first + i));
                    there += more;
                    double rate = there / ((System.nanoTime() - began) / 1e9);
                    loop.run(Duration.ofSeconds(4));
                    report.add(target, "heap KB at " + count, (server.heapKilobytes() - heap) / there);
                    report.add(target, "RSS KB at " + count, (server.residentKilobytes() - resident) / there);
                    if (count == counts.getFirst()) {
                        report.add(target, "connects/s", rate);
                    }
                }
                report.add(target, "total RSS MB", server.residentKilobytes() / 1024);
                crowd.leave();
            }
        }
        report.note("Heap after a collection, RSS of the whole process, both less what fifty connections had taken.");
        return report;
    }
}
