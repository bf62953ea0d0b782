package dev.parley.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocols.chat.Plain;
import dev.parley.testkit.transcript.Shape;
import dev.parley.testkit.transcript.Transcript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A protocol's page in the docs, held to the transcripts that lie in the folder of its name. */
public final class ProtocolPage {

    private ProtocolPage() {}

    /** Fails unless each JSON example of the page, which may be shortened, stands in a transcript. */
    public static void assertPlayed(Path transcripts) throws IOException {
        String page = transcripts.getFileName() + ".md";
        List<Object> lines = Transcript.in(transcripts)
                .stream()
                .flatMap(transcript -> transcript.lines().stream())
                .flatMap(line -> switch (line) {
                    case Transcript.Line.Client client -> Stream.of(client.frame());
                    case Transcript.Line.Server server -> Stream.of(server.frame());
                    case Transcript.Line.Aside aside -> Stream.<String>empty();
                })
                .filter(frame -> frame.startsWith("{") && frame.endsWith("}"))
                .map(Plain::read)
                .toList();
        List<String> examples = examples(Files.readString(transcripts.resolveSibling(page)));

        assertThat(examples).isNotEmpty();
        for (String example : examples) {
            Object shortened = Plain.open(Plain.read(example));
            assertThat(lines)
                    .as("an example of %s that no transcript has: %s", page, example)
                    .anyMatch(line -> Shape.differences(shortened, line).isEmpty());
        }
    }

    private static List<String> examples(String page) {
        List<String> examples = new ArrayList<>();
        boolean inside = false;
        for (String line : page.split("\n")) {
            if (line.startsWith("```")) {
                inside = line.equals("```json");
            } else if (inside && !line.isBlank()) {
                examples.add(line);
            }
        }
        return examples;
    }
}
