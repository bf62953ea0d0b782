package dev.parley.integration.nodes;

import dev.parley.adapter.embedded.system.SystemTimers;
import dev.parley.adapter.embedded.system.TimeOrderedIds;
import dev.parley.application.ChatEngine;
import dev.parley.application.ChatEngineBuilder;
import dev.parley.application.EngineSettings;
import dev.parley.application.FilePorts;
import dev.parley.application.Ports;
import dev.parley.domain.Registration;
import dev.parley.domain.limit.Quota;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.testkit.file.EndingInspector;
import dev.parley.testkit.llm.ScriptedModel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** One engine of several, with a model, a clock and a network of its own. */
final class Node implements AutoCloseable {

    /** How many messages a user may send in a minute, whatever number of nodes are asked. */
    static final int MESSAGES = 30;

    /** How long a node counts as alive, unless a test says otherwise. */
    static final Duration LEASE = Duration.ofSeconds(1);

    final ScriptedModel model = ScriptedModel.named("tiny:latest");
    final Network network = new Network();
    final ChatEngine engine;
    private final SystemTimers timers = SystemTimers.start();

    /**
     * @param ahead by how much this node's clock differs from true time
     * @param lease how long it counts as alive without saying so again
     */
    Node(SharedParts shared, Duration ahead, Duration lease) {
        InstantSource clock = () -> InstantSource.system().instant().plus(ahead);
        SharedParts.Parts parts = network.through(shared.another(clock));
        engine = ChatEngineBuilder.over(new Ports(
                parts.sessions(),
                parts.messages(),
                parts.replies(),
                parts.revocations(),
                parts.audit(),
                parts.topics(),
                new FilePorts(parts.attachments(), parts.blobs(), new EndingInspector(), Optional.empty()),
                parts.streams(),
                parts.bus(),
                parts.presence(),
                parts.limiter(),
                parts.leases(),
                parts.connections(),
                model,
                model,
                id -> Optional.empty(),
                Telemetry.SILENT,
                new TimeOrderedIds(clock),
                this::after,
                clock))
                .settings(settings(lease))
                .build();
    }

    /**
     * What a node does every half a minute, as looking for whatever no hint told it, it does not do while a test has patience: hints
     * alone must do.
     */
    private Registration after(Duration delay, Runnable task) {
        return timers.after(delay.compareTo(Guest.PATIENCE) < 0 ? delay : delay.multipliedBy(100), task);
    }

    @Override
    public void close() {
        // Whoever is cut off would wait for the others as long as an orderly end may take.
        network.heal();
        engine.close();
        timers.close();
    }

    /** As ever, but for limits that a test can reach and times that it need not wait for. */
    private static EngineSettings settings(Duration lease) {
        EngineSettings usual = EngineSettings.DEFAULT;
        return new EngineSettings(
                usual.maxMessageLength(),
                usual.maxReplyLength(),
                usual.contextMessages(),
                usual.overlap(),
                usual.concurrentReplies(),
                usual.queueLimit(),
                Duration.ofMillis(5),
                Duration.ZERO,
                Duration.ofMillis(50),
                Optional.of(new Quota(MESSAGES, Duration.ofMinutes(1))),
                Optional.empty(),
                Optional.empty(),
                usual.events(),
                usual.limiterFailsOpen(),
                Optional.empty(),
                Optional.empty(),
                usual.modelFallback(),
                usual.router(),
                false,
                usual.ticketRoles(),
                Duration.ofSeconds(2),
                Duration.ofMillis(50),
                usual.typingLife(),
                lease,
                usual.maxMissed(),
                Optional.empty(),
                Optional.empty(),
                usual.uploads(),
                usual.content());
    }
}
