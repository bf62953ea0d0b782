package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.attachment.Sha256;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonValue;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large files on a whole server: through cuts and kills, and many at once in little memory. */
class UploadTest {

    private static final int CUTS = 10;

    private static final int CHUNK = 1024 * 1024;
    private static final byte[] BEGINNING = "%PDF-1.4\n".getBytes(StandardCharsets.US_ASCII);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void end() {
        http.close();
    }

    /** A file that can be had again piece by piece, so that it need not be in memory. */
    private record Made(int seed, int chunks) {
        byte[] chunk(int index) {
            byte[] content = new byte[CHUNK];
            new Random(31L * seed + index).nextBytes(content);
            if (index == 0) {
                System.arraycopy(BEGINNING, 0, content, 0, BEGINNING.length);
            }
            return content;
        }

        long size() {
            return (long) chunks * CHUNK;
        }

        String hash() {
            MessageDigest digest = Sha256.digest();
            for (int index = 0; index < chunks; index++) {
                digest.update(chunk(index));
            }
            return Sha256.of(digest).hex();
        }

        Path written(Path folder) throws Exception {
            Path file = folder.resolve("file-" + seed + ".pdf");
            try (OutputStream out = Files.newOutputStream(file)) {
                for (int index = 0; index < chunks; index++) {
                    out.write(chunk(index));
                }
            }
            return file;
        }
    }

    private ServerProcess start(Map<String, String> environment) throws Exception {
        return ServerProcess.ready(folder, environment);
    }

    private Frames connect(ServerProcess server, String room) throws Exception {
        Frames frames = Frames.connect(
                http,
                URI.create(server.url().replace("http", "ws") + "/api/v1/ws/ws?room_id=" + room + "&token=" + server.token()));
        frames.next("connect");
        return frames;
    }

    private static JsonObject answer(Frames frames) throws Exception {
        JsonObject frame = frames.next(
                one -> Frames.type(one).equals("file_upload") || Frames.type(one).equals("error"), "an answer to an upload");
        assertThat(Frames.type(frame)).as(frame.toString()).isEqualTo("file_upload");
        return frame.object("data").orElseThrow();
    }

    private static JsonObject begin(Frames frames, String room, String file, Made made) throws Exception {
        String id = file.isEmpty() ? "" : "\"file_id\":\"" + file + "\",";
        frames.send("{\"type\":\"file_upload\",\"room_id\":\"" + room + "\",\"data\":{\"upload_type\":\"init\"," + id
                + "\"file_name\":\"report.pdf\",\"file_size\":" + made.size() + ",\"mime_type\":\"application/pdf\"}}");
        return answer(frames);
    }

    private static void add(Frames frames, String file, Made made, int index) throws Exception {
        frames.send("{\"type\":\"file_upload\",\"data\":{\"upload_type\":\"chunk\",\"file_id\":\"" + file + "\",\"chunk_index\":"
                + index + ",\"total_chunks\":" + made.chunks() + ",\"chunk_data\":\""
                + Base64.getEncoder().encodeToString(made.chunk(index)) + "\"}}");
    }

    private static JsonObject finish(Frames frames, String file, Made made) throws Exception {
        frames.send("{\"type\":\"file_upload\",\"data\":{\"upload_type\":\"finalize\",\"file_id\":\"" + file
                + "\",\"checksum\":\"" + made.hash() + "\"}}");
        return answer(frames);
    }

    private static Set<Integer> missing(JsonObject begun, Made made) {
        Set<Integer> missing = new TreeSet<>(IntStream.range(0, made.chunks()).boxed().toList());
        for (JsonValue there : begun.items("received").orElseThrow()) {
            missing.remove(Integer.valueOf(((JsonValue.Numeral) there).literal()));
        }
        return missing;
    }

    private String downloaded(ServerProcess server, String url) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + url))
                .header("Authorization", "Bearer " + server.token())
                .timeout(PATIENCE)
                .build();
        HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        MessageDigest digest = Sha256.digest();
        try (InputStream in = response.body()) {
            byte[] buffer = new byte[64 * 1024];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return Sha256.of(digest).hex();
    }

    @Test
    void fifty_megabytes_arrive_whole_through_cuts_and_a_kill() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        System.out.println("UploadTest: seed " + seed);
        Made made = new Made(random.nextInt(), 50);
        String file = "";
        try (ServerProcess server = start(Map.of())) {
            for (int cut = 0; cut < CUTS; cut++) {
                try (Frames ann = connect(server, "files")) {
                    JsonObject begun = begin(ann, "files", file, made);
                    file = begun.requiredText("file_id");
                    List<Integer> some = new ArrayList<>(cut == 0 ? some(made, random, 2) : missing(begun, made));
                    Collections.shuffle(some, random);
                    send(ann, file, made, some.subList(0, 2), 1);
                    ann.cut();
                }
            }
            try (Frames ann = connect(server, "files")) {
                Set<Integer> missing = missing(begin(ann, "files", file, made), made);
                assertThat(missing.size()).isBetween(made.chunks() - 2 * CUTS, made.chunks() - CUTS);
                List<Integer> next = new ArrayList<>(missing);
                Collections.shuffle(next, random);
                send(ann, file, made, next.subList(0, 10), 7);
                server.kill();
            }
        }
        try (ServerProcess server = start(Map.of());
                Frames ann = connect(server, "files");
                Frames other = connect(server, "files")) {
            Set<Integer> missing = missing(begin(ann, "files", file, made), made);
            assertThat(missing.size()).as("what was answered is kept, seed %d", seed)
                    .isLessThanOrEqualTo(made.chunks() - CUTS - 7);
            List<Integer> rest = new ArrayList<>(missing);
            rest.addAll(some(made, random, 3));
            send(ann, file, made, rest, rest.size());
            JsonObject done = finish(ann, file, made);
            assertThat(done.requiredText("upload_type")).isEqualTo("finalize");
            assertThat(downloaded(server, done.requiredText("url"))).as("seed %d", seed).isEqualTo(made.hash());
            JsonObject seen = answer(other);
            assertThat(seen.requiredText("file_id")).isEqualTo(file);
            assertThat(seen.requiredText("url")).isEqualTo(done.requiredText("url"));
        }
    }

    private static List<Integer> some(Made made, Random random, int count) {
        List<Integer> all = new ArrayList<>(IntStream.range(0, made.chunks()).boxed().toList());
        Collections.shuffle(all, random);
        return all.subList(0, count);
    }

    /** Sends all, and waits for some of the answers. */
    private static void send(Frames frames, String file, Made made, List<Integer> indexes, int answered) throws Exception {
        int heard = 0;
        for (int at = 0; at < indexes.size(); at++) {
            add(frames, file, made, indexes.get(at));
            if (heard < answered) {
                answer(frames);
                heard++;
            }
        }
    }

    @Test
    void twenty_at_once_need_little_memory() throws Exception {
        Map<String, String> little = Map.of("JAVA_TOOL_OPTIONS", "-Xmx160m", "UPLOAD_RATE", "off");
        try (ServerProcess server = start(little); ExecutorService threads = Executors.newFixedThreadPool(20)) {
            List<Future<String>> urls = new ArrayList<>();
            List<Made> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                Made made = new Made(i, 12);
                boolean form = i % 2 == 0;
                all.add(made);
                urls.add(threads.submit(() -> form ? posted(server, made) : sent(server, made)));
            }
            for (int i = 0; i < 20; i++) {
                assertThat(downloaded(server, urls.get(i).get())).isEqualTo(all.get(i).hash());
            }
            assertThat(server.err()).doesNotContain("OutOfMemoryError");
        }
    }

    private String sent(ServerProcess server, Made made) throws Exception {
        try (Frames frames = connect(server, "room-" + made.seed())) {
            String file = begin(frames, "room-" + made.seed(), "", made).requiredText("file_id");
            List<Integer> indexes = IntStream.range(0, made.chunks()).boxed().toList();
            send(frames, file, made, indexes, indexes.size());
            return finish(frames, file, made).requiredText("url");
        }
    }

    private String posted(ServerProcess server, Made made) throws Exception {
        String boundary = "boundary-" + made.seed();
        String begin = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"report.pdf\"\r\n\r\n";
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/api/chat/uploads"))
                .header("Authorization", "Bearer " + server.token())
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.concat(
                        HttpRequest.BodyPublishers.ofString(begin),
                        HttpRequest.BodyPublishers.ofFile(made.written(folder)),
                        HttpRequest.BodyPublishers.ofString("\r\n--" + boundary + "--\r\n")))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        return Frames.parsed(response.body()).requiredText("url");
    }
}
