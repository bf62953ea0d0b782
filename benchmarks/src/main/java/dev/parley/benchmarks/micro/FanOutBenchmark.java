package dev.parley.benchmarks.micro;

import dev.parley.adapter.embedded.memory.LiveMemory;
import dev.parley.adapter.embedded.system.SettingsProjects;
import dev.parley.adapter.embedded.system.SystemTimers;
import dev.parley.adapter.embedded.system.TimeOrderedIds;
import dev.parley.application.Caller;
import dev.parley.application.ChatEngine;
import dev.parley.application.ChatEngineBuilder;
import dev.parley.application.FilePorts;
import dev.parley.application.Link;
import dev.parley.application.Ports;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.event.Event;
import dev.parley.benchmarks.peer.Limits;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.llm.Completion;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.session.ClientInfo;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.testkit.file.EndingInspector;
import dev.parley.testkit.store.InMemoryBlobStore;
import dev.parley.testkit.store.InMemoryConversationStore;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A message in a session that a thousand connections of as many users follow: the engine alone, everything in memory. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class FanOutBenchmark {

    private static final int FOLLOWERS = 1000;
    private static final SessionId SESSION = new SessionId("room");

    private final SystemTimers timers = SystemTimers.start();
    private final LiveMemory live = LiveMemory.create(InstantSource.system(), timers);
    private final Semaphore told = new Semaphore(0);
    private final ChatEngine engine = engine();
    private final Caller speaker = caller("speaker");

    @Setup
    public void follow() {
        done(engine.handle(speaker, new Command.EnterSession(SESSION, Visibility.SHARED, Optional.empty())));
        for (int i = 0; i < FOLLOWERS; i++) {
            Link link = engine.connect(caller("user-" + i), event -> {
                if (event instanceof Event.Happened) {
                    told.release();
                }
            });
            done(link.handle(new Command.EnterSession(SESSION, Visibility.SHARED, Optional.empty())));
            done(link.follow(SESSION, new Link.From.Now()));
        }
    }

    @TearDown
    public void end() {
        engine.close();
        live.close();
        timers.close();
    }

    /** Time of one delivery, from the command to the last connection's sink. */
    @Benchmark
    @OperationsPerInvocation(FOLLOWERS)
    public void tellEverybody() throws InterruptedException {
        told.drainPermits();
        done(engine.handle(
                speaker,
                new Command.SendMessage(
                        SESSION, "Hello everybody", Optional.empty(), Optional.empty(), ClientMetadata.NONE, Optional.empty())));
        if (!told.tryAcquire(FOLLOWERS, 10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("Expected " + FOLLOWERS + " deliveries, found " + told.availablePermits());
        }
    }

    private ChatEngine engine() {
        InMemoryConversationStore store = new InMemoryConversationStore();
        InstantSource clock = InstantSource.system();
        Ports ports = new Ports(
                store.sessions(),
                store.messages(),
                store.replies(),
                store.revocations(),
                store.audit(),
                store.topics(),
                new FilePorts(
                        store.attachments(), new InMemoryBlobStore(), new EndingInspector(), Optional.empty()),
                live.streams(),
                live.bus(),
                live.presence(),
                live.limiter(),
                live.leases(),
                live.connections(),
                (prompt, sink) -> new Completion(Completion.Reason.STOP, Optional.empty(), Optional.empty()),
                List::of,
                SettingsProjects.of(List.of()),
                Telemetry.SILENT,
                new TimeOrderedIds(clock),
                timers,
                clock);
        return ChatEngineBuilder.over(ports).settings(Limits.lifted()).build();
    }

    private static Caller caller(String user) {
        return new Caller(Principal.trusted(new UserId(user)), ClientInfo.UNKNOWN, "benchmark");
    }

    private static <R> void done(Outcome<R> outcome) {
        if (outcome instanceof Outcome.Refused<R> refused) {
            throw new IllegalStateException("Expected it to be done, found " + refused.refusal());
        }
    }
}
