package dev.parley.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * From the beginning of the process until it takes connections, on one core and on two; of ours also with what Java 25 notes of an
 * earlier start.
 */
final class StartLoad implements Scenario {

    private static final Duration NOTING = Duration.ofMinutes(2);

    @Override
    public Report measure(Options options, ServerProcess model) {
        Report report = new Report("Start to ready", "ms");
        for (Target target : options.ordered(Target.PARLEY, Target.TYRUS, Target.NODE_WS)) {
            onOneCoreAndTwo(options, model, target, target == Target.PARLEY ? "Parley" : target.label(), report);
            if (target == Target.PARLEY) {
                noted(options, model).ifPresent(cache -> onOneCoreAndTwo(
                        options.with("-XX:AOTCache=" + cache), model, target, "Parley with AOT cache", report));
            }
        }
        report.note("The JVM compiles beside the start: where there is a second core it does so there.");
        return report;
    }

    private static void onOneCoreAndTwo(
            Options options, ServerProcess model, Target target, String row, Report report) {
        for (int rep = 0; rep < options.reps(); rep++) {
            once(options, model, target, row + ", one core", report);
            once(options.onTwoCores(), model, target, row + ", two cores", report);
        }
    }

    private static void once(Options options, ServerProcess model, Target target, String row, Report report) {
        try (ServerProcess server = target.start(options, model.port())) {
            report.add(row, "ms", server.startMillis());
            report.add(row, "CPU ms", server.cpuMicros() / 1000);
            report.add(row, "RSS MB", server.residentKilobytes() / 1024);
        }
    }

    /** Starts once so that Java notes how; empty where it cannot. */
    private static Optional<Path> noted(Options options, ServerProcess model) {
        if (Runtime.version().feature() < 25) {
            return Optional.empty();
        }
        try {
            Path cache = Files.createTempDirectory("parley-start").resolve("start.aot");
            // As ./parley makes it.
            ServerProcess server = Target.PARLEY.start(
                    options.with("-XX:+UnlockDiagnosticVMOptions")
                            .with("-XX:-AOTRecordTraining")
                            .with("-XX:AOTCacheOutput=" + cache),
                    model.port());
            server.end(NOTING);
            return Files.exists(cache) ? Optional.of(cache) : Optional.empty();
        } catch (IOException unusable) {
            throw new UncheckedIOException(unusable);
        }
    }
}
