package dev.parley.integration;

import dev.parley.bootstrap.Parley;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client class that the interface was specified with: it goes on working as it was published. */
class SeedClientTest {

    @TempDir
    Path folder;

    @Test
    void the_published_client_class_chats_and_survives_a_cut_in_the_middle_of_an_answer() throws Exception {
        // The class waits three seconds before it comes back, and asks for nothing it missed: the reply must still run then.
        PacedModel model = new PacedModel(Duration.ofMillis(60));
        try (Parley parley =
                Parley.builder().dataFolder(folder.resolve("data")).set("PORT", "0").models(model, model).build()) {
            NodeScript.passes(folder.resolve("output"), "seed-client.spec.mjs", parley.openingUrl().orElseThrow().toString());
        }
    }
}
