package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocols.json.JsonObject;
import dev.parley.testkit.Peers;
import dev.parley.testkit.llm.ScriptedOllama;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real disk of a few megabytes that is really full: a file system in memory that the server's process alone sees. */
class FullDiskTest {

    private static final String BIG = "x".repeat(4000);

    @TempDir
    Path folder;

    @Test
    void a_full_disk_refuses_what_cannot_be_kept_and_loses_nothing_and_all_is_well_once_there_is_room() throws Exception {
        Path disk = Files.createDirectories(folder.resolve("disk"));
        List<String> acknowledged = new ArrayList<>();
        try (HttpClient http = HttpClient.newHttpClient();
                ScriptedOllama ollama = ScriptedOllama.start();
                ServerProcess server = onSmallDisk(disk, ollama);
                Frames ann = connect(http, server)) {
            ann.next("connected");
            JsonObject refused = fill(ann, acknowledged);
            assertThat(refused.text("code")).contains("STORE_UNAVAILABLE");
            assertThat(refused.whole("retry_after")).isPresent();
            assertThat(refused.toString()).doesNotContainIgnoringCase("sqlite").doesNotContain("Exception");

            ann.send("{\"type\":\"ping\",\"id\":\"still here\"}");
            ann.next("pong");
            assertThat(ann.storedMessages()).as("what can be read while the disk is full").containsAll(acknowledged);

            Files.delete(server.seen(disk.resolve("ballast")));
            assertThat(send(ann, "again").text("type")).contains("ack");
            List<String> all = ann.storedMessages();
            assertThat(all).containsAll(acknowledged).doesNotHaveDuplicates().hasSize(acknowledged.size() + 1);
        }
    }

    /** Sends until something is refused. */
    private static JsonObject fill(Frames ann, List<String> acknowledged) throws Exception {
        for (int i = 0; i < 20_000; i++) {
            JsonObject answer = send(ann, "m" + i);
            if (Frames.type(answer).equals("error")) {
                return answer;
            }
            acknowledged.add(answer.requiredText("message_id"));
        }
        throw new AssertionError("Expected a disk that gets full");
    }

    private static JsonObject send(Frames ann, String id) throws Exception {
        ann.send("{\"type\":\"message\",\"reply\":false,\"id\":\"" + id + "\",\"content\":\"" + BIG + "\"}");
        return ann.next(frame -> List.of("ack", "error").contains(Frames.type(frame)), "an answer");
    }

    private ServerProcess onSmallDisk(Path disk, ScriptedOllama ollama) throws Exception {
        Process can = new ProcessBuilder("unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", disk.toString()).start();
        if (!can.waitFor(30, TimeUnit.SECONDS) || can.exitValue() != 0) {
            Peers.missing("unshare", "a system that lets this user mount a file system in a namespace of its own");
        }
        String prepare = "mount -t tmpfs -o size=12m tmpfs " + disk + " && head -c 6M /dev/zero > " + disk
                + "/ballast && exec \"$@\"";
        return ServerProcess.ready(
                folder,
                disk.resolve("data"),
                Map.of(
                        "OLLAMA_SERVER", ollama.address().toString(),
                        "RATE_LIMIT_MESSAGES_PER_MINUTE", "off",
                        "WS_RATE_LIMIT_REQUESTS", "off"),
                "unshare", "-rm", "sh", "-c", prepare, "sh");
    }

    private static Frames connect(HttpClient http, ServerProcess server) throws Exception {
        return Frames.connect(http, URI.create("ws" + server.url().substring(4) + "/ws/one?token=" + server.token()));
    }
}
