package dev.parley.integration;

import dev.parley.bootstrap.Parley;
import dev.parley.domain.llm.Agent;
import dev.parley.domain.llm.ModelOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People use the page in a real browser, with keys and clicks. */
final class PageTest {

    /** The scripts make their own tokens with it, one person for each of them. */
    private static final String SECRET = "only-for-tests-only-for-tests-only-for-tests";

    @TempDir
    Path folder;

    @Test
    void people_use_the_page_in_a_browser() throws Exception {
        Program.needs("chromium", "chromium", "install Chromium");
        try (Parley parley = start(folder.resolve("data"), "0")) {
            Map<String, String> another = Map.of("PARLEY_COMMAND", String.join("\n", ServerProcess.command()));
            NodeScript.passes(folder.resolve("output"), "page.spec.mjs", another, parley.url().toString(), SECRET);
        }
    }

    private static Parley start(Path data, String port) {
        PageModel model = new PageModel();
        return Parley.builder()
                .dataFolder(data)
                .set("PORT", port)
                .set("JWT_SECRET", SECRET)
                .set("MAX_CONCURRENT_STREAMS", "200")
                .set("RATE_LIMIT_MESSAGES_PER_MINUTE", "off")
                .set("REST_RATE_LIMIT", "off")
                .set("WS_RATE_LIMIT_REQUESTS", "10000")
                .set("WEBSOCKET_MAX_CONNECTIONS_PER_USER", "50")
                .set("PROFANITY_FILTER", "reject")
                .agent(new Agent("librarian", "Librarian", Optional.empty(), "Knows where the books are.", ModelOptions.DEFAULT,
                        List.of()))
                .models(model, model)
                .build();
    }

    /** Serves the page to work on it: port and data folder. */
    public static void main(String[] arguments) throws InterruptedException {
        try (Parley parley = start(Path.of(arguments[1]), arguments[0])) {
            System.out.println(parley.url());
            Thread.currentThread().join();
        }
    }
}
