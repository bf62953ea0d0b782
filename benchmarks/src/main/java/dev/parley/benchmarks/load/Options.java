package dev.parley.benchmarks.load;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How load is made.
 *
 * @param classPath of the Java servers
 * @param peers the folder of the Node servers, with their library installed
 * @param serverCores what each measured server may use, as {@code taskset} names it: one core, unless something else is measured
 * @param modelCore the core of the scripted model
 * @param reps how often each figure is taken from one process
 * @param passes how often each process is started anew, in alternating order
 * @param scale what counts of connections and replies are multiplied with
 * @param time how long one repetition of a stream lasts
 * @param jvm options of each Java server
 * @param only the one target to measure, by its constant's name; empty for all
 */
record Options(
        String classPath,
        Path peers,
        String serverCores,
        String modelCore,
        int reps,
        int passes,
        double scale,
        Duration time,
        List<String> jvm,
        String only) {

    /** What {@code ./parley} gives Java 25, and a bound of its heap. */
    private static final String SHIPPED =
            "-Xmx1g -XX:+UseSerialGC -Xmn32m -XX:CompileThresholdScaling=2 -XX:+UseCompactObjectHeaders";

    static Options read(Map<String, String> given) {
        Map<String, String> named = new HashMap<>(given);
        int cores = Runtime.getRuntime().availableProcessors();
        Options options = new Options(
                System.getProperty("java.class.path"),
                Path.of(take(named, "peers", "benchmarks/peers")),
                take(named, "server-core", String.valueOf(cores - 1)),
                take(named, "model-core", String.valueOf(Math.max(0, cores - 2))),
                Integer.parseInt(take(named, "reps", "3")),
                Integer.parseInt(take(named, "passes", "1")),
                Double.parseDouble(take(named, "scale", "1")),
                Duration.ofSeconds(Long.parseLong(take(named, "seconds", "5"))),
                List.of(take(named, "jvm", SHIPPED).split(" ")),
                take(named, "only", ""));
        if (!named.isEmpty()) {
            throw new IllegalArgumentException("Expected known options, found " + named.keySet());
        }
        return options;
    }

    private static String take(Map<String, String> named, String name, String otherwise) {
        String value = named.remove(name);
        return value == null ? otherwise : value;
    }

    /** Each target once for each pass, every other pass backwards. */
    List<Target> ordered(Target... targets) {
        List<Target> wanted = Stream.of(targets)
                .filter(target -> only.isEmpty() || target.name().equalsIgnoreCase(only))
                .toList();
        List<Target> all = new ArrayList<>();
        for (int pass = 0; pass < passes; pass++) {
            all.addAll(pass % 2 == 0 ? wanted : wanted.reversed());
        }
        return all;
    }

    /** These, with more options for each Java server. */
    Options with(String more) {
        List<String> all = new ArrayList<>(jvm);
        all.add(more);
        return new Options(classPath, peers, serverCores, modelCore, reps, passes, scale, time, all, only);
    }

    /** These, with servers that may use the model's core too; for what needs no model. */
    Options onTwoCores() {
        return new Options(
                classPath, peers, modelCore + "," + serverCores, modelCore, reps, passes, scale, time, jvm, only);
    }

    int scaled(int count) {
        return Math.max(1, (int) (count * scale));
    }
}
