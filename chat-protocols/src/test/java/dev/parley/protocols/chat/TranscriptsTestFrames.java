package dev.parley.protocols.chat;

import dev.parley.testkit.transcript.Transcript;
import java.util.List;
import java.util.stream.Stream;

/** What clients send in the transcripts. */
final class TranscriptsTestFrames {

    private TranscriptsTestFrames() {}

    static List<String> clients() {
        return Transcript.in(TranscriptsTest.FOLDER)
                .stream()
                .flatMap(transcript -> transcript.lines().stream())
                .flatMap(line -> line instanceof Transcript.Line.Client client ? Stream.of(client.frame()) : Stream.empty())
                .toList();
    }
}
