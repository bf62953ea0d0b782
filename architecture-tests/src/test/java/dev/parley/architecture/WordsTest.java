package dev.parley.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What people read stands in the bundles, in every language there is, and not in the code that talks to clients. Details for developers
 * are English and begin with "Expected"; logs and exceptions are for operators.
 */
class WordsTest {

    private static final List<String> TALKING = List.of("chat-protocols", "adapter-rest-jersey");

    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\n]|\\\\.)*)\"");
    private static final Pattern SENTENCE = Pattern.compile("\\p{Lu}\\p{L}* \\p{Ll}.*");
    private static final Pattern FOREIGN = Pattern.compile(".*[\\p{L}&&[^\\p{ASCII}]].*");
    private static final Pattern FOR_OPERATORS = Pattern.compile("LOG\\.log\\(|Exception\\(|Error\\(|super\\(");
    private static final List<String> FOR_DEVELOPERS = List.of("Expected ", "Incident ");

    /** What the reference server of Engine.IO and Socket.IO says word by word, and clients look for. */
    private static final Set<String> OF_THE_WIRE = Set.of("Transport unknown", "Session ID unknown", "Bad handshake method",
            "Bad request", "Unsupported protocol version", "Invalid namespace");

    @Test
    void no_text_for_people_stands_in_the_code_that_talks_to_clients() throws IOException {
        assertThat(spoken(TALKING.stream().flatMap(module -> sources(module).stream()).toList())).isEmpty();
    }

    @Test
    void a_text_in_the_code_is_found(@TempDir Path folder) throws IOException {
        Path talker = Files.writeString(folder.resolve("Talker.java"), """
                class Talker {
                    String kept = json.field("type", "Content-Type: text/plain; x=1");
                    String detail = "Expected a text, found none";
                    void say() {
                        LOG.log(
                                WARNING,
                                "Nobody is told this");
                        throw new FieldException("Nobody either is told");
                        json.field("message", "Olá");
                        json.field("message", "Please come back");
                    }
                }
                """);

        assertThat(spoken(List.of(talker))).containsExactly("Talker.java:9: Olá", "Talker.java:10: Please come back");
    }

    private static Collection<Path> sources(String module) {
        Collection<Path> files = Parley.javaFiles(Parley.folder().resolve(module).resolve("src/main/java"));
        assertThat(files).isNotEmpty();
        return files;
    }

    private static List<String> spoken(Collection<Path> files) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files) {
            String code = Files.readString(file).replaceAll("(?m)^ *(//|\\*|/\\*).*$", "");
            Matcher literal = LITERAL.matcher(code);
            while (literal.find()) {
                String text = literal.group(1);
                if (!OF_THE_WIRE.contains(text) && forPeople(text)
                        && !FOR_OPERATORS.matcher(statement(code, literal.start())).find()) {
                    long line = code.substring(0, literal.start()).lines().count();
                    found.add("%s:%d: %s".formatted(file.getFileName(), line, text));
                }
            }
        }
        return found;
    }

    private static boolean forPeople(String text) {
        return FOREIGN.matcher(text).matches()
                || SENTENCE.matcher(text).matches() && FOR_DEVELOPERS.stream().noneMatch(text::startsWith);
    }

    /** What stands before a place since the last statement ended. */
    private static String statement(String code, int place) {
        int begin = Stream.of(';', '{', '}').mapToInt(end -> code.lastIndexOf(end, place)).max().orElse(0);
        return code.substring(Math.max(0, begin), place);
    }
}
