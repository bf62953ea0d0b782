package dev.parley.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * From the beginning of the process until it takes connections, on one core and on two; of ours also with what Java 25 notes of an
 * earlier start.
 */
final class StartLoad implements Scenario {

    private static final Duration NOTING = Duration.ofMinutes(2);

    /** Starts the server that is measured. */
    private interface Start extends Function<Options, ServerProcess> {}

    @Override
    public Report measure(Options options, ServerProcess model) {
        Report report = new Report("Start to ready", "ms");
        for (Target target : options.ordered(Target.PARLEY, Target.TYRUS, Target.NODE_WS)) {
            Start start = with -> target.start(with, model.port());
            if (target == Target.PARLEY) {
                withCacheAndWithout(options, start, "Parley", report);
                withCacheAndWithout(options, with -> Target.whole(with, ""), "Parley with REST and settings", report);
            } else {
                onOneCoreAndTwo(options, start, target.label(), report);
            }
        }
        report.note("The JVM compiles beside the start: where there is a second core it does so there.");
        return report;
    }

    private static void withCacheAndWithout(Options options, Start start, String row, Report report) {
        onOneCoreAndTwo(options, start, row, report);
        noted(options, start)
                .ifPresent(cache -> onOneCoreAndTwo(using(cache, options), start, row + ", AOT cache", report));
    }

    /** As ./parley uses it. */
    private static Options using(Path cache, Options options) {
        Options with = options.with("-XX:AOTCache=" + cache);
        return Runtime.version().feature() == 25
                ? with.with("-XX:+UnlockDiagnosticVMOptions").with("-XX:-AOTReplayTraining")
                : with;
    }

    private static void onOneCoreAndTwo(Options options, Start start, String row, Report report) {
        for (int rep = 0; rep < options.reps(); rep++) {
            once(options, start, row + ", one core", report);
            once(options.onTwoCores(), start, row + ", two cores", report);
        }
    }

    private static void once(Options options, Start start, String row, Report report) {
        try (ServerProcess server = start.apply(options)) {
            report.add(row, "ms", server.startMillis());
            report.add(row, "CPU ms", server.cpuMicros() / 1000);
            report.add(row, "RSS MB", server.residentKilobytes() / 1024);
        }
    }

    /** Starts once so that Java notes how; empty where it cannot. */
    private static Optional<Path> noted(Options options, Start start) {
        if (Runtime.version().feature() < 25) {
            return Optional.empty();
        }
        try {
            Path cache = Files.createTempDirectory("parley-start").resolve("start.aot");
            // As ./parley makes it.
            ServerProcess server = start.apply(options.with("-XX:+UnlockDiagnosticVMOptions")
                    .with("-XX:-AOTRecordTraining")
                    .with("-XX:AOTCacheOutput=" + cache));
            server.end(NOTING);
            return Files.exists(cache) ? Optional.of(cache) : Optional.empty();
        } catch (IOException unusable) {
            throw new UncheckedIOException(unusable);
        }
    }
}
