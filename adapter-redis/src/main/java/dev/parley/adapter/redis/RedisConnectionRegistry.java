package dev.parley.adapter.redis;

import static dev.parley.adapter.redis.Answers.bytes;

import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.access.UserId;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.live.ConnectionInfo;
import dev.parley.domain.live.ConnectionRegistry;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.session.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The connections of all nodes. A node's connections go with it: when none of them gives a sign of life for a while, whoever asks
 * next takes them out.
 */
final class RedisConnectionRegistry implements ConnectionRegistry {

    /** How long a sign of life of one connection counts for all of its node. */
    static final Duration NODE_LIFE = Duration.ofMinutes(1);

    private final Broker broker;
    private final Supplier<byte[]> time;
    private final List<byte[]> keys;

    RedisConnectionRegistry(Broker broker, Names names, Supplier<byte[]> time) {
        this.broker = broker;
        this.time = time;
        this.keys = List.of(
                names.connections("all"),
                names.connections("order"),
                names.connections("counts"),
                names.connections("nodes"));
    }

    @Override
    public void put(ConnectionInfo connection) {
        broker.run(
                Script.CONNECTION_PUT,
                keys,
                List.of(
                        time.get(),
                        bytes(NODE_LIFE.toMillis()),
                        bytes(connection.id().value()),
                        bytes(connection.node().value()),
                        bytes(connection.user().value()),
                        bytes(connection.connectedAt().toEpochMilli()),
                        bytes(connection.lastPing().toEpochMilli()),
                        facts(connection)));
    }

    @Override
    public void touch(ConnectionId id, Instant lastPing) {
        broker.run(
                Script.CONNECTION_TOUCH,
                keys,
                List.of(time.get(), bytes(NODE_LIFE.toMillis()), bytes(id.value()), bytes(lastPing.toEpochMilli())));
    }

    @Override
    public void remove(ConnectionId id) {
        broker.run(Script.CONNECTION_REMOVE, keys, List.of(bytes(id.value())));
    }

    @Override
    public int countOf(UserId user) {
        return (int) broker.number(Script.CONNECTION_COUNT, keys, List.of(time.get(), bytes(user.value())));
    }

    @Override
    public Page<ConnectionInfo> all(PageRequest request) {
        List<Object> answer = broker.list(
                Script.CONNECTION_LIST,
                keys,
                List.of(time.get(), bytes(request.offset()), bytes(request.limit())));
        List<ConnectionInfo> items = new ArrayList<>();
        for (int i = 1; i + 5 < answer.size(); i += 6) {
            items.add(read(answer.subList(i, i + 6)));
        }
        return new Page<>(items, Answers.number(answer.getFirst()));
    }

    private static byte[] facts(ConnectionInfo connection) {
        return new Packing()
                .optional(connection.session().map(SessionId::value))
                .text(connection.protocol())
                .flag(connection.active())
                .bytes();
    }

    private static ConnectionInfo read(List<Object> one) {
        Unpacking facts = new Unpacking(Answers.raw(one.get(5)));
        Optional<SessionId> session = facts.optional().map(SessionId::new);
        return new ConnectionInfo(
                new ConnectionId(Answers.text(one.get(0))),
                new NodeId(Answers.text(one.get(1))),
                session,
                new UserId(Answers.text(one.get(2))),
                facts.text(),
                Instant.ofEpochMilli(Answers.number(one.get(3))),
                Instant.ofEpochMilli(Answers.number(one.get(4))),
                facts.flag());
    }
}
