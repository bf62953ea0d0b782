package dev.parley.testkit.transcript;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A conversation on the wire, line by line.
 *
 * <p>{@code C>} begins what the client sends, {@code S<} what the server sends, {@code ~} what happens elsewhere: time, other
 * people, the engine; who plays the transcript knows what that means. {@code #} begins a comment.
 *
 * @param name the file's name without its ending
 */
public record Transcript(String name, List<Line> lines) {

    public Transcript {
        lines = List.copyOf(lines);
    }

    /** A line that means something. {@code number} where it stands in the file, from 1 */
    public sealed interface Line {

        int number();

        record Client(int number, String frame) implements Line {}

        record Server(int number, String frame) implements Line {}

        record Aside(int number, String what) implements Line {}
    }

    /** All transcripts of a folder, by name. */
    public static List<Transcript> in(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".transcript"))
                    .sorted()
                    .map(Transcript::read)
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    public static Transcript read(Path file) {
        try {
            String name = file.getFileName().toString().replaceFirst("\\.transcript$", "");
            return parse(name, Files.readString(file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    public static Transcript parse(String name, String text) {
        List<Line> lines = new ArrayList<>();
        int number = 0;
        for (String raw : text.split("\n", -1)) {
            number++;
            String line = raw.strip();
            if (line.startsWith("C>")) {
                lines.add(new Line.Client(number, line.substring(2).strip()));
            } else if (line.startsWith("S<")) {
                lines.add(new Line.Server(number, line.substring(2).strip()));
            } else if (line.startsWith("~")) {
                lines.add(new Line.Aside(number, line.substring(1).strip()));
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                throw new IllegalArgumentException(
                        "Expected C>, S<, ~ or # at " + name + ":" + number + ", found: " + line);
            }
        }
        return new Transcript(name, lines);
    }
}
