package dev.parley.integration.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What was done to servers and to their store, and when: nothing else may keep a reply from its end. */
final class Causes {

    /** How long replies may go on at a server that was told to end. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    /** How long after the store is back something may still fail for its sake: what was on its way, and the circuit. */
    private static final Duration AFTERWARDS = Duration.ofSeconds(5);

    private final List<Kill> kills = new ArrayList<>();
    private final List<Cut> cuts = new ArrayList<>();

    private record Kill(URI server, long from, long to) {}

    private record Cut(long from, long to) {}

    /** A server was killed between {@code from} and now. */
    void killed(URI server, long from) {
        kills.add(new Kill(server, from, System.nanoTime()));
    }

    /** A server was told to end at {@code from}, and has: what was not over after the grace was cut off. */
    void drained(URI server, long from) {
        if (System.nanoTime() - from > GRACE.toNanos()) {
            kills.add(new Kill(server, from + GRACE.toNanos(), System.nanoTime()));
        }
    }

    /** There was no store between {@code from} and now. */
    void cut(long from) {
        cuts.add(new Cut(from, System.nanoTime()));
    }

    /**
     * That a reply could not help it.
     *
     * @param status how it ended
     * @param text what it says
     * @return how long after the kill of its server it had ended, where there is one kill that it can have been
     */
    Optional<Duration> excuse(String status, String text, PersistentClient.Question question) {
        return switch (status) {
            case "interrupted" -> Optional.of(killed(text, question)).filter(after -> question.sendings().size() == 1);
            case "failed" -> {
                long asked = question.sendings().getFirst().at();
                assertThat(cuts).as("times without a store, of which one explains a reply that failed")
                        .anyMatch(cut -> cut.from() <= question.ended() && asked <= cut.to() + AFTERWARDS.toNanos());
                yield Optional.empty();
            }
            default -> Optional.empty();
        };
    }

    private Duration killed(String text, PersistentClient.Question question) {
        Optional<Kill> first = kills.stream()
                .filter(kill -> kill.from() <= question.ended())
                .filter(kill -> question.sendings()
                        .stream()
                        .anyMatch(sending -> sending.server().equals(kill.server()) && sending.at() <= kill.to()))
                .findFirst();
        assertThat(first)
                .as("a kill of the server that gave a reply which was interrupted at \"%s\": %s of %s, %s", text, question, kills,
                        cuts)
                .isPresent();
        return Duration.ofNanos(question.ended() - first.orElseThrow().from());
    }
}
