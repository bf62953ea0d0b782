package dev.parley.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** The scenarios that the clients of all languages pass, as a server of {@code clients/scenarios} tells them. */
public final class Scenarios {

    private static final int AT_ONCE = 16;

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI server;

    private Scenarios(URI server) {
        this.server = server;
    }

    /** Plays all whose name contains {@code only}; what went wrong, in words. */
    public static List<String> failures(URI server, String only) throws InterruptedException, IOException {
        return new Scenarios(server).play(only);
    }

    private List<String> play(String only) throws InterruptedException, IOException {
        List<Frame> tasks = Json.parse(get("/runs?only=" + Address.encoded(only)))
                .map(list -> new Frame(Map.of("all", list)).parts("all"))
                .orElseThrow();
        Semaphore places = new Semaphore(AT_ONCE);
        Map<Future<List<String>>, String> results = new java.util.LinkedHashMap<>();
        List<String> failures = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Frame task : tasks) {
                results.put(threads.submit(() -> {
                    places.acquire();
                    try (ScenarioPlayer player = new ScenarioPlayer(this, server, task)) {
                        return player.play();
                    } finally {
                        places.release();
                    }
                }), task.text("name").orElse(""));
            }
            for (Map.Entry<Future<List<String>>, String> result : results.entrySet()) {
                try {
                    result.getKey().get().forEach(fault -> failures.add(result.getValue() + ": " + fault));
                } catch (ExecutionException fault) {
                    failures.add(result.getValue() + ": " + fault.getCause());
                }
            }
        }
        if (tasks.isEmpty()) {
            failures.add("Expected scenarios, found none");
        }
        return failures;
    }

    /** Tells the server something about one run. */
    Frame tell(String run, String what, Object body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/runs/" + run + "/" + what))
                .version(HttpClient.Version.HTTP_1_1)
                .POST(HttpRequest.BodyPublishers.ofString(Json.write(body)))
                .build();
        return Json.frame(http.send(request, HttpResponse.BodyHandlers.ofString()).body()).orElseThrow();
    }

    private String get(String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(server.resolve(path)).version(HttpClient.Version.HTTP_1_1).build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
}
