package dev.parley.protocols;

import dev.parley.testkit.transcript.Transcript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** The transcripts of a protocol, played against its state machine. */
public final class Transcripts {

    /** Writes down what the server says, for somebody to read before it is believed: {@code -Dtranscript.record=true}. */
    private static final boolean RECORD = Boolean.getBoolean("transcript.record");

    private Transcripts() {}

    /** One test for each transcript of {@code folder}, each on a stage of its own. */
    public static Stream<DynamicTest> played(Path folder, Supplier<? extends Stage> stages) {
        return Transcript.in(folder)
                .stream()
                .map(transcript -> DynamicTest.dynamicTest(transcript.name(), () -> {
                    Path file = folder.resolve(transcript.name() + ".transcript");
                    if (RECORD) {
                        record(file, stages.get());
                    }
                    play(Transcript.read(file), stages.get());
                }));
    }

    private static void play(Transcript transcript, Stage stage) {
        for (Transcript.Line line : transcript.lines()) {
            String where = transcript.name() + ":" + line.number();
            switch (line) {
                case Transcript.Line.Client client -> {
                    stage.nothingLeft(where);
                    stage.send(client.frame());
                }
                case Transcript.Line.Server server -> stage.expect(where, server.frame());
                case Transcript.Line.Aside aside -> stage.aside(where, aside.what());
            }
        }
        stage.nothingLeft(transcript.name() + ": the end");
    }

    private static void record(Path file, Stage stage) throws IOException {
        List<String> recorded = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("S<") || line.startsWith("~ closes")) {
                continue;
            }
            recorded.add(line);
            if (line.startsWith("C>")) {
                stage.send(line.substring(2).strip());
            } else if (line.startsWith("~")) {
                stage.aside(file.toString(), line.substring(1).strip());
            }
            stage.drain().forEach(frame -> recorded.add("S< " + frame));
            stage.justClosed().ifPresent(code -> recorded.add("~ closes " + code));
        }
        Files.write(file, recorded);
    }
}
