package dev.parley.benchmarks.load;

/** From the beginning of the process until it takes connections. */
final class StartLoad implements Scenario {

    @Override
    public Report measure(Options options, ServerProcess model) {
        Report report = new Report("Start to ready, on one core", "ms");
        for (Target target : options.ordered(Target.PARLEY, Target.TYRUS, Target.NODE_WS)) {
            for (int rep = 0; rep < options.reps(); rep++) {
                try (ServerProcess server = target.start(options, model.port())) {
                    report.add(target, "ms", server.startMillis());
                    report.add(target, "CPU ms", server.cpuMicros() / 1000);
                    report.add(target, "RSS MB", server.residentKilobytes() / 1024);
                }
            }
        }
        return report;
    }
}
