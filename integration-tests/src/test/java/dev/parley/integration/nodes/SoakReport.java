package dev.parley.integration.nodes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/** What was done to two servers, what their clients went through, and what was found in the end; said while it happens. */
final class SoakReport {

    private final long seed;
    private final Map<String, Integer> faults = new LinkedHashMap<>();
    private final Map<String, Integer> ends = new TreeMap<>();
    private final List<Duration> settled = new ArrayList<>();
    private long begun = System.nanoTime();
    private long over;

    /** Something that goes wrong. */
    @FunctionalInterface
    interface Fault {
        void happen() throws Exception;
    }

    SoakReport(long seed, String plan) {
        this.seed = seed;
        say(plan + ", seed " + seed);
    }

    void begin() {
        begun = System.nanoTime();
    }

    void happens(String what, String standing, Fault fault) throws Exception {
        long at = System.nanoTime();
        fault.happen();
        faults.merge(what, 1, Integer::sum);
        say("after " + seconds(at - begun) + " " + what + " (" + seconds(System.nanoTime() - at) + ") while " + standing);
    }

    void over() {
        over = System.nanoTime();
    }

    /** @param message how it ended, a colon, and what it says */
    void stored(String message) {
        ends.merge(message.substring(0, message.indexOf(':')), 1, Integer::sum);
    }

    /** That a reply whose server was killed had ended for one of its people, so long after the kill. */
    void settled(Duration after) {
        settled.add(after);
    }

    /** How many messages that ended so are stored. */
    int ended(String status) {
        return ends.getOrDefault(status, 0);
    }

    void print(List<PersistentClient> clients) {
        say("passed with seed " + seed + " after " + seconds(over - begun));
        faults.forEach((what, times) -> say("  " + times + " times " + what));
        say("  " + clients.size() + " clients came back " + sum(clients, PersistentClient::reconnects)
                + " times, were told what they had missed "
                + sum(clients, PersistentClient::resumed) + " times, and said something again "
                + sum(clients, PersistentClient::repeated) + " times");
        say("  messages of people: " + sum(clients, client -> client.acknowledged().size())
                + " acknowledged, none lost, none stored twice");
        say("  replies by how they ended, each finished one with every word once, none running: " + replies());
        say("  " + settled.size()
                + " replies of killed servers of which it is known which kill it was had ended for one of its people"
                + " at most " + seconds(settled.isEmpty() ? 0 : Collections.max(settled).toNanos()) + " after it");
        say("  every client was told what both servers hold");
    }

    private Map<String, Integer> replies() {
        Map<String, Integer> replies = new TreeMap<>(ends);
        replies.remove("");
        return replies;
    }

    private static int sum(List<PersistentClient> clients, ToIntFunction<PersistentClient> what) {
        return clients.stream().mapToInt(what).sum();
    }

    private static String seconds(long nanos) {
        long millis = Duration.ofNanos(nanos).toMillis();
        return millis / 1000 + "." + millis % 1000 / 100 + " s";
    }

    private static void say(String what) {
        System.out.println("TwoServers: " + what);
    }
}
