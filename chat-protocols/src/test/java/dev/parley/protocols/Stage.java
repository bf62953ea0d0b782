package dev.parley.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Outcome;
import dev.parley.domain.error.ErrorCode;
import dev.parley.protocols.chat.Plain;
import dev.parley.testkit.transcript.Shape;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where a transcript is played: a client, the people around it, and what the server has said that nobody has looked at yet. */
public abstract class Stage {

    private final Deque<String> said = new ArrayDeque<>();
    private boolean over;

    /** The client says something. */
    protected abstract void send(String frame);

    /** Lets go on what goes on by itself, and gives what the server has said since. */
    protected abstract List<String> heard();

    /** Why the server closed the connection, once it has. */
    protected abstract Optional<Closing> closed();

    /** Something happens beside the connection, as a transcript puts it. */
    protected abstract void happens(String what);

    /** In what a frame differs from what was expected. */
    protected List<String> differences(String expected, String found) {
        return Shape.differences(Plain.read(expected), Plain.read(found));
    }

    /** How a frame of the server's is written down. */
    protected String written(String frame) {
        return frame;
    }

    final void aside(String where, String what) {
        if (what.startsWith("closes ")) {
            said.addAll(heard());
            assertThat(closed().map(why -> why.reason().code())).as(where).contains(Integer.parseInt(what.substring(7).strip()));
            return;
        }
        nothingLeft(where);
        if (what.equals("open") || what.startsWith("open ")) {
            over = false;
        }
        happens(what);
    }

    final void expect(String where, String frame) {
        said.addAll(heard());
        assertThat(said).as("what the server says at %s", where).isNotEmpty();
        String found = said.remove();
        assertThat(differences(frame, found)).as("%s: expected %s, found %s", where, frame, found).isEmpty();
    }

    final void nothingLeft(String where) {
        said.addAll(heard());
        assertThat(said).as("more than expected before %s", where).isEmpty();
    }

    /** What there is to be written down of what the server has said. */
    final List<String> drain() {
        return heard().stream().map(this::written).toList();
    }

    /** The code that the connection was closed with, told once. */
    final Optional<Integer> justClosed() {
        boolean before = over;
        over = closed().isPresent();
        return before ? Optional.empty() : closed().map(why -> why.reason().code());
    }

    /** What is given names in {@code open since=4 limit=2}. */
    protected static Map<String, String> named(String what) {
        Map<String, String> named = new LinkedHashMap<>();
        for (String word : what.split("\\s+")) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                named.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        return named;
    }

    /** What {@code 4S} says; nothing when nothing is said. */
    protected static Optional<Duration> time(String word) {
        return word.isEmpty() ? Optional.empty() : Optional.of(Duration.parse("PT" + word));
    }

    /**
     * Has something refused that the client asks for next.
     *
     * @param what the code, or {@code "frame"} or {@code "event"} for whatever it says next
     * @param wait how long it is to wait, as {@link #time} reads it
     */
    protected static void refuse(
            String what, String wait, Collection<Outcome.Refusal> anything, Collection<Outcome.Refusal> commands) {
        boolean any = Set.of("frame", "event").contains(what);
        ErrorCode why = any ? ErrorCode.RATE_LIMIT : ErrorCode.valueOf(what);
        (any ? anything : commands).add(new Outcome.Refusal(why, "Expected something else", time(wait)));
    }
}
