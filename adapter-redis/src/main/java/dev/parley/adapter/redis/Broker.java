package dev.parley.adapter.redis;

import dev.parley.domain.error.Circuit;
import dev.parley.domain.error.UnavailableException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * Calls to Redis. Each is bounded in time and fails with {@link UnavailableException}; while Redis does not answer they fail at
 * once, but for one now and then.
 */
final class Broker implements AutoCloseable {

    /** How many calls that nobody waits for may be under way to a cluster. */
    private static final int UNDER_WAY = 256;

    private final Dialling dialling;
    private final Health health;
    private final Pipe pipe;
    private final Semaphore underWay = new Semaphore(UNDER_WAY);

    Broker(Dialling dialling, Circuit circuit) {
        this.dialling = dialling;
        this.health = new Health(circuit);
        this.pipe = new Pipe(dialling, health);
    }

    /** Runs a script and waits for its answer. */
    Object run(Script script, List<byte[]> keys, List<byte[]> arguments) {
        return call(script.writes(), client -> {
            try {
                return client.evalsha(script.hash(), keys, arguments);
            } catch (JedisNoScriptException unknown) {
                return client.eval(script.text(), keys, arguments);
            }
        });
    }

    /** Runs a script that answers with a list. */
    List<Object> list(Script script, List<byte[]> keys, List<byte[]> arguments) {
        return Answers.list(run(script, keys, arguments));
    }

    /** Runs a script that answers with a number. */
    long number(Script script, List<byte[]> keys, List<byte[]> arguments) {
        return Answers.number(run(script, keys, arguments));
    }

    /** @param writes whether a Redis that is full or only reads would refuse it */
    <T> T call(boolean writes, Function<UnifiedJedis, T> what) {
        health.enter();
        try {
            T answer = answered(what);
            health.answered(writes);
            return answer;
        } catch (JedisException failure) {
            throw health.failed(failure);
        }
    }

    /**
     * A connection that nobody used for a while may be dead, as after a restart of Redis: then all such are let go, and the call is made
     * again. If only its answer was lost it is made twice, which at worst counts something twice.
     */
    private <T> T answered(Function<UnifiedJedis, T> what) {
        try {
            return what.apply(dialling.client());
        } catch (JedisConnectionException broken) {
            dialling.dropIdle();
            if (Failures.hungUp(broken)) {
                return what.apply(dialling.client());
            }
            throw broken;
        }
    }

    /** Runs a script and waits for nothing; scripts given one after the other may run in another order. */
    CompletableFuture<Object> submit(Script script, List<byte[]> keys, List<byte[]> arguments) {
        if (!dialling.sharded()) {
            return pipe.send(new Pipe.Command(
                    command(Protocol.Command.EVALSHA, script.hash(), keys, arguments),
                    command(Protocol.Command.EVAL, script.text(), keys, arguments),
                    script.writes()));
        }
        CompletableFuture<Object> answer = new CompletableFuture<>();
        if (!underWay.tryAcquire()) {
            answer.completeExceptionally(new UnavailableException("Expected at most " + UNDER_WAY + " calls under way"));
            return answer;
        }
        Thread.ofVirtual().name("redis-call").start(() -> {
            try {
                answer.complete(run(script, keys, arguments));
            } catch (RuntimeException failure) {
                answer.completeExceptionally(failure);
            } finally {
                underWay.release();
            }
        });
        return answer;
    }

    /** Tells all who listen to a channel, in the order of the calls; waits for nothing. */
    CompletableFuture<Object> publish(String channel, byte[] message) {
        CommandArguments command = new CommandArguments(Protocol.Command.PUBLISH)
                .add(channel.getBytes(StandardCharsets.UTF_8))
                .add(message);
        return pipe.send(new Pipe.Command(command, command, false));
    }

    @Override
    public void close() {
        pipe.close();
    }

    private static CommandArguments command(
            Protocol.Command eval, byte[] script, List<byte[]> keys, List<byte[]> arguments) {
        CommandArguments command = new CommandArguments(eval).add(script).add(keys.size());
        keys.forEach(command::key);
        arguments.forEach(command::add);
        return command;
    }
}
