package dev.parley.benchmarks.peer;

import dev.parley.bootstrap.Parley;
import dev.parley.bootstrap.ParleyBuilder;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.access.Verification;
import dev.parley.domain.llm.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.logging.LogManager;
import java.util.stream.Stream;

/**
 * The server as it is put together from settings, with a model inside the process and with limits that are asked for and never
 * reached: on a Redis or without one. A token is the user's name.
 */
public final class WholePeer {

    private static final System.Logger LOG = System.getLogger(WholePeer.class.getName());

    private WholePeer() {}

    /** @param redis its address; empty for none */
    public static void run(String redis) throws Exception {
        // Jersey warns of each of its resources; nobody here wants to know.
        LogManager.getLogManager().reset();
        Path data = Files.createTempDirectory("parley-load");
        SteadyModel model = new SteadyModel();
        ParleyBuilder builder = Parley.builder()
                .dataFolder(data)
                .set("PORT", "0")
                .set("RATE_LIMIT_MESSAGES_PER_MINUTE", "1000000")
                .set("WS_RATE_LIMIT_REQUESTS", "1000000")
                .set("MAX_CONCURRENT_STREAMS", "10000")
                .models(model, () -> List.of(new Model("bench:latest", "", "", 0, Set.of())))
                .verifier(token -> new Verification.Verified(Principal.trusted(new UserId(token))));
        if (!redis.isEmpty()) {
            builder.set("REDIS_URL", redis);
        }
        Parley parley = builder.build();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            parley.close();
            remove(data);
        }));
        Ready.say(parley.port());
        new CountDownLatch(1).await();
    }

    private static void remove(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException left) {
            LOG.log(System.Logger.Level.DEBUG, "A folder is left", left);
        }
    }
}
