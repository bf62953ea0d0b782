package dev.parley.adapter.redis;

import static dev.parley.adapter.redis.Answers.bytes;

import dev.parley.domain.access.UserId;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.live.Presence;
import dev.parley.domain.session.SessionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Who is where. Sessions are spread over partitions, each of which remembers which of its sessions has somebody whose time ends next. */
final class RedisPresence implements Presence {

    /** How many sessions one step looks at, so that no step holds up Redis for long. */
    private static final int AT_ONCE = 100;

    /** How long somebody who was told who is gone may take to tell others, before somebody else is told. */
    private static final Duration TO_TELL = Duration.ofSeconds(10);

    private final Broker broker;
    private final Names names;
    private final Supplier<byte[]> time;

    RedisPresence(Broker broker, Names names, Supplier<byte[]> time) {
        this.broker = broker;
        this.names = names;
        this.time = time;
    }

    @Override
    public boolean enter(Present who, ConnectionId connection, Duration ttl) {
        return broker.number(
                Script.PRESENCE_ENTER,
                List.of(names.peopleOf(who.session()), names.due(Names.partition(who.session()))),
                List.of(
                        time.get(),
                        bytes(who.session().value()),
                        bytes(who.user().value()),
                        bytes(who.name()),
                        bytes(connection.value()),
                        bytes(RedisLeases.millis(ttl)))) == 1;
    }

    @Override
    public boolean leave(Present who, ConnectionId connection) {
        return broker.number(
                Script.PRESENCE_LEAVE,
                List.of(names.peopleOf(who.session())),
                List.of(time.get(), bytes(who.user().value()), bytes(connection.value()))) == 1;
    }

    @Override
    public List<Present> in(SessionId session) {
        List<Object> answer = broker.list(Script.PRESENCE_IN, List.of(names.peopleOf(session)), List.of(time.get()));
        List<Present> there = new ArrayList<>(answer.size() / 2);
        for (int i = 0; i + 1 < answer.size(); i += 2) {
            there.add(present(session, answer.get(i), answer.get(i + 1)));
        }
        there.sort(Comparator.comparing(Present::user));
        return there;
    }

    @Override
    public void sweep(Consumer<? super Present> told) {
        for (int partition = 0; partition < Names.PARTITIONS; partition++) {
            boolean more = true;
            while (more) {
                more = sweep(partition, told) == AT_ONCE;
            }
        }
    }

    private long sweep(int partition, Consumer<? super Present> told) {
        List<Object> answer = broker.list(
                Script.PRESENCE_SWEEP,
                List.of(names.due(partition)),
                List.of(time.get(), names.people(partition), bytes(AT_ONCE), bytes(RedisLeases.millis(TO_TELL))));
        List<byte[]> done = new ArrayList<>(List.of(time.get(), names.people(partition)));
        try {
            for (int i = 1; i + 2 < answer.size(); i += 3) {
                Present gone = present(new SessionId(Answers.text(answer.get(i))), answer.get(i + 1), answer.get(i + 2));
                told.accept(gone);
                done.add(bytes(gone.session().value()));
                done.add(bytes(gone.user().value()));
            }
        } finally {
            if (answer.size() > 1) {
                broker.run(Script.PRESENCE_TOLD, List.of(names.due(partition)), done);
            }
        }
        return Answers.number(answer.getFirst());
    }

    private static Present present(SessionId session, Object user, Object name) {
        return new Present(session, new UserId(Answers.text(user)), Answers.text(name));
    }
}
