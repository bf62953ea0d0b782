package dev.parley.client;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Measures replies where it matters, at the reader: time to the first text, and the longest silence after it. */
final class Telemetry {

    private static final class Running {
        long since;
        long last;
        Optional<Duration> first = Optional.empty();
        Duration longest = Duration.ZERO;
        int chunks;
        int gaps;
        int duplicates;
        int reconnects;

        Running(long since) {
            this.since = since;
            this.last = since;
        }
    }

    private final Consumer<Measure> tell;
    private final Map<Reply, Running> running = new HashMap<>();
    private volatile Totals totals = Totals.NONE;

    Telemetry(Consumer<Measure> tell) {
        this.tell = tell;
    }

    /** Known to every thread. */
    Totals totals() {
        return totals;
    }

    void asked(Reply reply) {
        of(reply);
    }

    /** It will never begin, or never end. */
    void forgotten(Reply reply) {
        running.remove(reply);
    }

    /** What was measured of {@code other}, which turns out to be {@code reply}; the asking was earlier. */
    void takenOver(Reply reply, Reply other) {
        Running asked = running.remove(reply);
        Running measure = running.remove(other);
        if (measure != null) {
            long since = asked == null ? measure.since : asked.since;
            measure.first = measure.first.map(first -> first.plusNanos(measure.since - since));
            measure.since = since;
            running.put(reply, measure);
        }
    }

    void changed(Reply reply, Listener.Change change, Optional<String> transport) {
        Running measure = of(reply);
        long now = System.nanoTime();
        switch (change) {
            case TEXT -> {
                Duration silence = Duration.ofNanos(now - measure.last);
                if (measure.first.isEmpty()) {
                    measure.first = Optional.of(Duration.ofNanos(now - measure.since));
                } else if (silence.compareTo(measure.longest) > 0) {
                    measure.longest = silence;
                }
                measure.chunks++;
                measure.last = now;
            }
            case END -> {
                running.remove(reply);
                totals = totals.reply();
                tell.accept(new Measure(
                        reply.messageId(), reply.status(), transport, Duration.ofNanos(now - measure.since), measure.first,
                        measure.longest, reply.length(), measure.chunks, measure.gaps, measure.duplicates, measure.reconnects));
            }
            case QUEUED, START -> {}
        }
    }

    void gap(Reply reply) {
        totals = totals.gap();
        of(reply).gaps++;
    }

    void duplicate(Reply reply) {
        totals = totals.duplicate();
        of(reply).duplicates++;
    }

    void repeated() {
        totals = totals.duplicate();
    }

    void connected() {
        totals = totals.connection();
    }

    void lost() {
        running.forEach((reply, measure) -> {
            if (reply.messageId().isPresent()) {
                measure.reconnects++;
            }
        });
    }

    private Running of(Reply reply) {
        return running.computeIfAbsent(reply, each -> new Running(System.nanoTime()));
    }
}
