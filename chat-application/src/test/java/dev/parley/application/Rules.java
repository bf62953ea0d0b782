package dev.parley.application;

import dev.parley.application.command.Overlap;
import dev.parley.domain.limit.Quota;
import dev.parley.domain.session.Visibility;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Engine settings as a test wants them: without limits, and without a window, so that text never waits for time to pass. */
final class Rules {
    int maxMessageLength = 200;
    int maxReplyLength = 100_000;
    int contextMessages = 10;
    Overlap overlap = Overlap.QUEUE;
    int concurrentReplies = 10;
    int queueLimit = 200;
    Duration coalesce = Duration.ZERO;
    Optional<Quota> messages = Optional.empty();
    Optional<Quota> frames = Optional.empty();
    EventLimits events = EventLimits.STANDARD;
    boolean limiterFailsOpen = true;
    Optional<Visibility> visibility = Optional.empty();
    Optional<String> defaultModel = Optional.empty();
    boolean modelFallback = true;
    EngineSettings.Router router = EngineSettings.Router.STANDARD;
    Set<String> ticketRoles = Set.of();
    Duration presenceGrace = Duration.ofSeconds(2);
    int maxMissed = 5000;
    boolean autoTitle;
    Optional<Duration> sessionTtl = Optional.empty();
    Optional<Duration> changeRetention = Optional.empty();
    UploadSettings uploads = UploadSettings.STANDARD;
    ContentSettings content = ContentSettings.STANDARD;

    EngineSettings settings() {
        return new EngineSettings(
                maxMessageLength,
                maxReplyLength,
                contextMessages,
                overlap,
                concurrentReplies,
                queueLimit,
                coalesce,
                Duration.ZERO,
                Duration.ofSeconds(1),
                messages,
                Optional.empty(),
                frames,
                events,
                limiterFailsOpen,
                visibility,
                defaultModel,
                modelFallback,
                router,
                autoTitle,
                ticketRoles,
                Duration.ofSeconds(60),
                presenceGrace,
                Duration.ofSeconds(6),
                Duration.ofSeconds(10),
                maxMissed,
                sessionTtl,
                changeRetention,
                uploads,
                content);
    }
}
