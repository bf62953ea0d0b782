package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Overlap;
import dev.parley.domain.PageRequest;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.Slice;
import dev.parley.testkit.llm.ModelStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever comes and goes at random instants sees in the end what the store holds, and on the way nothing twice and no gap. */
@Timeout(120)
final class FollowingRandomTest {

    private static final int FOLLOWERS = 8;
    private static final int ACTS = 60;

    static LongStream seeds() {
        long first = Long.getLong("parley.seed", System.nanoTime());
        return LongStream.range(first, first + Integer.getInteger("parley.rounds", 8));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everybody_ends_with_what_the_store_holds(long seed) throws Exception {
        Random random = new Random(seed);
        try (Stage stage = Stage.open(rules -> {
            rules.contextMessages = 3;
            rules.concurrentReplies = 4;
        })) {
            play(stage, List.of(stage.engine), random);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void on_two_nodes_too(long seed) throws Exception {
        Random random = new Random(seed);
        try (Stage stage = Stage.open()) {
            play(stage, List.of(stage.engine, stage.another()), random);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void a_bus_that_loses_doubles_and_delays_costs_nobody_anything(long seed) throws Exception {
        Random random = new Random(seed);
        try (Stage stage = Stage.open(
                rules -> {}, ports -> Twins.withBus(ports, new UnreliableBus(ports.bus(), random.nextLong())))) {
            play(stage, List.of(stage.engine, stage.another()), random);
        }
    }

    private static void play(Stage stage, List<ChatEngine> nodes, Random random) throws Exception {
        long chatter = random.nextLong();
        stage.model.scriptAll(prompt -> pieces(new Random(chatter + prompt.turns().hashCode())));
        Person owner = stage.person("owner").inRoom();
        List<Person> people = new ArrayList<>();
        for (int i = 0; i < FOLLOWERS; i++) {
            people.add(stage.person(nodes.get(i % nodes.size()), "user" + i % 3).inRoom());
        }
        ConcurrentLinkedQueue<MessageId> replies = new ConcurrentLinkedQueue<>();
        List<Seat> seats = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> work = new ArrayList<>();
            for (Person person : people) {
                long seed = random.nextLong();
                Seat seat = person.connects();
                seat.followFrom(Person.ROOM, 0, Map.of());
                seats.add(seat);
                work.add(threads.submit(() -> comesAndGoes(seat, nodes, new Random(seed))));
            }
            for (int i = 0; i < 3; i++) {
                long seed = random.nextLong();
                Person person = people.get(i);
                work.add(threads.submit(() -> acts(person, replies, new Random(seed))));
            }
            for (Future<?> done : work) {
                while (!done.isDone()) {
                    // Stops of replies on the other node are proven by looking again after a while.
                    stage.pass(Duration.ofMillis(10));
                    LockSupport.parkNanos(100_000);
                }
                done.get();
            }
        }
        Wait.until(
                () -> "all replies have ended, found " + stage.store.replies().unfinished(),
                () -> {
                    stage.pass(Duration.ofMillis(250));
                    return stage.store.replies().unfinished().isEmpty();
                });
        compare(stage, seats, owner);
    }

    private static Void comesAndGoes(Seat seat, List<ChatEngine> nodes, Random random) {
        for (int i = 0; i < 25; i++) {
            for (int wait = random.nextInt(2000); wait > 0; wait--) {
                Thread.onSpinWait();
            }
            if (random.nextInt(4) > 0) {
                seat.drops();
                Thread.onSpinWait();
                seat.comesBack(nodes.get(random.nextInt(nodes.size())), Person.ROOM);
            }
        }
        return null;
    }

    private static Void acts(Person person, ConcurrentLinkedQueue<MessageId> replies, Random random) {
        List<MessageId> own = new ArrayList<>();
        for (int i = 0; i < ACTS; i++) {
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> {
                    Overlap overlap = random.nextBoolean() ? Overlap.QUEUE : Overlap.PARALLEL;
                    var sent = person.asks("Question " + random.nextInt(), overlap);
                    own.add(sent.message().id());
                    replies.add(sent.reply().orElseThrow());
                }
                case 4 -> own.add(person.says("Remark " + random.nextInt()).message().id());
                case 5 -> pick(own, random).ifPresent(id -> person.edits(id, "Changed " + random.nextInt()));
                case 6 -> pick(own, random).ifPresent(person::deletes);
                case 7 -> pick(List.copyOf(replies), random).ifPresent(id -> person.reacts(id, "👍"));
                case 8 -> pick(List.copyOf(replies), random).ifPresent(person::stops);
                default -> pick(own, random).ifPresent(person::regenerates);
            }
        }
        return null;
    }

    private static Optional<MessageId> pick(List<MessageId> from, Random random) {
        return from.isEmpty() ? Optional.empty() : Optional.of(from.get(random.nextInt(from.size())));
    }

    private static List<ModelStep> pieces(Random random) {
        List<ModelStep> steps = new ArrayList<>();
        String[] words = {"a", "bc ", "é", "😀", "𝄞x", " lorem ipsum ", "\n"};
        int count = random.nextInt(40);
        for (int i = 0; i < count; i++) {
            steps.add(ModelStep.say(words[random.nextInt(words.length)]));
        }
        steps.add(random.nextInt(6) == 0 ? ModelStep.cut() : ModelStep.end());
        return steps;
    }

    private static void compare(Stage stage, List<Seat> seats, Person owner) {
        SessionId room = new SessionId(Person.ROOM);
        long newest = stage.session(Person.ROOM).position();
        stage.pass(Duration.ofSeconds(31));
        Map<MessageId, Message> stored = new HashMap<>();
        for (long offset = 0;; offset += PageRequest.MAX_LIMIT) {
            List<Message> page = stage.store
                    .messages()
                    .page(room, new Slice.FromOldest(offset, PageRequest.MAX_LIMIT))
                    .items();
            page.forEach(message -> stored.put(message.id(), message));
            if (page.size() < PageRequest.MAX_LIMIT) {
                break;
            }
        }
        long replies = stored.values().stream().filter(message -> message.reply().isPresent()).count();
        assertThat(replies).isPositive();
        for (Seat seat : seats) {
            seat.awaitPosition(newest);
            assertThat(seat.view.faults()).isEmpty();
            assertThat(shown(seat.view.messages())).isEqualTo(shown(stored));
            assertThat(seat.view.shown()).isEmpty();
            assertThat(seat.view.ends()).isEqualTo((int) replies);
        }
        assertThat(owner.user().value()).isEqualTo("owner");
    }

    /** What a person sees of a message: whether it is superseded comes with the newer reply. */
    private static Map<MessageId, String> shown(Map<MessageId, Message> messages) {
        Map<MessageId, String> shown = new HashMap<>();
        messages.forEach((id, message) -> shown.put(
                id,
                message.content() + message.reactions() + message.deleted()
                        + message.reply().map(facts -> facts.status().name()).orElse("")));
        return shown;
    }
}
