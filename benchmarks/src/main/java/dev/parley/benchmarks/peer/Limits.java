package dev.parley.benchmarks.peer;

import dev.parley.application.EngineSettings;
import dev.parley.application.EventLimits;
import dev.parley.application.command.Overlap;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Engine settings under which nothing is refused for coming too often. */
public final class Limits {

    private Limits() {}

    public static EngineSettings lifted() {
        return lifted(EngineSettings.DEFAULT.coalesce());
    }

    public static EngineSettings lifted(Duration coalesce) {
        EngineSettings standard = EngineSettings.DEFAULT;
        return new EngineSettings(
                standard.maxMessageLength(),
                100_000_000,
                standard.contextMessages(),
                Overlap.PARALLEL,
                100_000,
                100_000,
                coalesce,
                Duration.ZERO,
                standard.checkpointEvery(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new EventLimits(Map.of(), Optional.empty()),
                true,
                Optional.empty(),
                Optional.empty(),
                true,
                EngineSettings.Router.STANDARD,
                false,
                Set.of(),
                standard.presenceLife(),
                standard.presenceGrace(),
                standard.typingLife(),
                standard.nodeLease(),
                standard.maxMissed(),
                Optional.empty(),
                Optional.empty(),
                standard.uploads(),
                standard.content());
    }
}
