package dev.parley.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.adapter.embedded.system.TimeOrderedIds;
import dev.parley.application.Caller;
import dev.parley.application.ChatEngine;
import dev.parley.application.ChatEngineBuilder;
import dev.parley.application.FilePorts;
import dev.parley.application.Link;
import dev.parley.application.Ports;
import dev.parley.application.command.Ask;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.event.Event;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.ClientInfo;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.testkit.file.EndingInspector;
import dev.parley.testkit.live.RealRedis;
import dev.parley.testkit.llm.ScriptedModel;
import dev.parley.testkit.store.InMemoryBlobStore;
import dev.parley.testkit.store.InMemoryConversationStore;
import dev.parley.testkit.time.ManualTime;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** Whole replies, from a model on one node to a client on the other. */
final class RedisReplyTest {

    private static final SessionId ROOM = new SessionId("room");

    private final RealRedis redis = TestRedis.own();
    /** Stands still, so that text is told when enough has gathered, however long this machine takes over it. */
    private final ManualTime time = new ManualTime();

    private final InMemoryConversationStore store = new InMemoryConversationStore();
    private final ScriptedModel model = ScriptedModel.named("tiny");
    private final TestNode one = TestNode.on(RedisSettings.of(redis.address()));
    private final TestNode two = TestNode.on(RedisSettings.of(redis.address()));
    private final ChatEngine engineOne = engine(one);
    private final ChatEngine engineTwo = engine(two);

    @AfterEach
    void end() {
        engineOne.close();
        engineTwo.close();
        one.close();
        two.close();
        redis.close();
    }

    @Test
    void calls_to_redis_follow_from_how_much_has_gathered_and_not_from_how_many_tokens_there_are() {
        Seen here = new Seen();
        Seen there = new Seen();
        try (Link asking = follow(engineOne, here);
                Link watching = follow(engineTwo, there)) {
            ask(asking, here, there, "warm", 1);
            long few = ask(asking, here, there, "few", 100);
            long many = ask(asking, here, there, "many", 10_000);
            assertThat(many).as("scripts for 10,000 tokens as fast as they go, beside " + few + " for 100").isLessThan(80);
        }
    }

    /** How many scripts Redis ran while a reply of so many tokens was made, told and stored. */
    private long ask(Link asking, Seen here, Seen there, String question, int tokens) {
        String[] pieces = Collections.nCopies(tokens, question + " ").toArray(String[]::new);
        model.answer(pieces);
        long before = scripts();
        MessageId reply = done(asking.handle(new Command.SendMessage(
                ROOM, question, Optional.empty(), Optional.empty(), ClientMetadata.NONE, Optional.of(Ask.PLAINLY))))
                .reply()
                .orElseThrow();
        String whole = String.join("", pieces);
        await().atMost(TestNode.PATIENCE).until(() -> here.text(reply).equals(whole) && there.text(reply).equals(whole));
        return scripts() - before;
    }

    private long scripts() {
        try (Jedis jedis = new Jedis("127.0.0.1", redis.port())) {
            return jedis.info("commandstats")
                    .lines()
                    .filter(line -> line.startsWith("cmdstat_evalsha:"))
                    .map(line -> line.replaceAll("cmdstat_evalsha:calls=(\\d+),.*", "$1"))
                    .mapToLong(Long::parseLong)
                    .sum();
        }
    }

    private ChatEngine engine(TestNode node) {
        return ChatEngineBuilder.over(new Ports(
                store.sessions(),
                store.messages(),
                store.replies(),
                store.revocations(),
                store.audit(),
                store.topics(),
                new FilePorts(store.attachments(), new InMemoryBlobStore(), new EndingInspector(), Optional.empty()),
                node.adapter.streams(),
                node.adapter.bus(),
                node.adapter.presence(),
                node.adapter.limiter(),
                node.adapter.leases(),
                node.adapter.connections(),
                model,
                model,
                id -> Optional.empty(),
                Telemetry.SILENT,
                new TimeOrderedIds(time),
                time,
                time))
                .build();
    }

    private static Link follow(ChatEngine engine, Seen seen) {
        Caller ana = new Caller(Principal.trusted(new UserId("ana")), ClientInfo.UNKNOWN, "chat");
        done(engine.handle(ana, new Command.EnterSession(ROOM, Visibility.SHARED, Optional.empty())));
        Link link = engine.connect(ana, seen::take);
        done(link.follow(ROOM, new Link.From.Now()));
        return link;
    }

    private static <R> R done(Outcome<R> outcome) {
        if (outcome instanceof Outcome.Done<R> done) {
            return done.value();
        }
        throw new AssertionError("Expected something done, found " + outcome);
    }

    /** What a client was shown of replies. */
    private static final class Seen {
        private final ConcurrentHashMap<MessageId, String> texts = new ConcurrentHashMap<>();

        void take(Event event) {
            if (event instanceof Event.ReplyGrew grew) {
                texts.merge(grew.reply(), grew.text(), (known, more) -> known.substring(0, (int) grew.from()) + more);
            }
        }

        String text(MessageId reply) {
            return texts.getOrDefault(reply, "");
        }
    }
}
