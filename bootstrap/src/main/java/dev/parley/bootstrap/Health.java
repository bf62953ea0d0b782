package dev.parley.bootstrap;

import java.time.Duration;
import java.util.List;

/**
 * How the server is.
 *
 * @param live whether the process works at all
 * @param ready whether it takes new work: its store answers and it is not about to end
 */
public record Health(boolean live, boolean ready, List<Part> parts) {

    /**
     * One thing that the server needs or has.
     *
     * @param name {@code store}, {@code model}, {@code websocket} …
     * @param needed whether the server is not ready without it
     * @param says a word or two for people, never addresses of databases or secrets
     * @param took how long it took to find out
     */
    public record Part(String name, boolean up, boolean needed, String says, Duration took) {

        /** What is known at once. */
        public Part(String name, boolean up, boolean needed, String says) {
            this(name, up, needed, says, Duration.ZERO);
        }

        Part took(Duration time) {
            return new Part(name, up, needed, says, time);
        }
    }

    public Health {
        parts = List.copyOf(parts);
    }

    static Health of(boolean accepting, List<Part> parts) {
        return new Health(true, accepting && parts.stream().allMatch(part -> part.up() || !part.needed()), parts);
    }
}
