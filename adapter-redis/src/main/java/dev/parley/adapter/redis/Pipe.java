package dev.parley.adapter.redis;

import dev.parley.domain.error.UnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * One connection through which commands go in the order in which they are given, as many as there are at a time, so that a
 * distant Redis takes one round trip for all of them. Who gives a command never waits: answers come to futures, on this pipe's own
 * thread, which they must not hold up. When too much waits, or Redis is away, commands fail at once.
 */
final class Pipe implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Pipe.class.getName());

    private static final int CAPACITY = 8_192;
    private static final int BATCH = 256;

    /** After how long without a word a connection is asked whether it is there. */
    private static final long SILENT_NANOS = 5_000_000_000L;

    /**
     * One command, and what is sent in its place when Redis does not know the script that it names.
     *
     * @param writes whether a Redis that only reads would refuse it
     */
    record Command(CommandArguments usual, CommandArguments inFull, boolean writes) {}

    private record Sent(Command command, CompletableFuture<Object> answer, boolean inFull) {
        CommandArguments arguments() {
            return inFull ? command.inFull() : command.usual();
        }
    }

    private final Dialling dialling;
    private final Health health;
    private final BlockingQueue<Sent> waiting = new ArrayBlockingQueue<>(CAPACITY);
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable Connection connection;
    // used by the thread alone
    private long usedAt;

    Pipe(Dialling dialling, Health health) {
        this.dialling = dialling;
        this.health = health;
        this.thread = Thread.ofVirtual().name("redis-pipe").start(this::run);
    }

    CompletableFuture<Object> send(Command command) {
        Sent sent = new Sent(command, new CompletableFuture<>(), false);
        if (closed) {
            sent.answer.completeExceptionally(new UnavailableException("Expected an open connection to Redis"));
        } else if (!waiting.offer(sent)) {
            sent.answer.completeExceptionally(
                    new UnavailableException("Expected at most " + CAPACITY + " commands to wait for Redis"));
        } else if (closed) {
            refuse(new UnavailableException("Expected an open connection to Redis"));
        }
        return sent.answer;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        Connection open = connection;
        if (open != null) {
            end(open);
        }
        refuse(new UnavailableException("Expected an open connection to Redis"));
    }

    private void run() {
        List<Sent> batch = new ArrayList<>();
        while (!closed) {
            batch.clear();
            try {
                batch.add(waiting.take());
                waiting.drainTo(batch, BATCH - 1);
                pass(batch);
            } catch (InterruptedException closing) {
                LOG.log(System.Logger.Level.TRACE, "The connection is given up");
            }
        }
        refuse(new UnavailableException("Expected an open connection to Redis"));
    }

    private void pass(List<Sent> batch) {
        List<@Nullable Object> answers = new ArrayList<>(batch.size());
        Optional<UnavailableException> away = Optional.empty();
        try {
            health.enter();
            exchange(batch, answers);
        } catch (UnavailableException refused) {
            away = Optional.of(refused);
        } catch (JedisException failure) {
            letGo();
            away = Optional.of(health.failed(failure));
        }
        for (int i = 0; i < answers.size(); i++) {
            answer(batch.get(i), answers.get(i));
        }
        List<Sent> unanswered = batch.subList(answers.size(), batch.size());
        away.ifPresent(why -> unanswered.forEach(sent -> sent.answer.completeExceptionally(why)));
    }

    /**
     * Adds the answers, as far as they come. A line may have broken while nothing was said, as when Redis was started anew: what
     * finds it so is said again on another. So everything that goes through here may come twice, and does no harm then.
     */
    private void exchange(List<Sent> batch, List<@Nullable Object> answers) {
        Connection usual = usable();
        try {
            exchange(usual == null ? dialled() : usual, batch, answers);
        } catch (JedisConnectionException broken) {
            if (usual == null || !Failures.hungUp(broken)) {
                throw broken;
            }
            letGo();
            exchange(dialled(), batch, answers);
        }
    }

    private void exchange(Connection open, List<Sent> batch, List<@Nullable Object> answers) {
        for (Sent sent : batch.subList(answers.size(), batch.size())) {
            open.sendCommand(sent.arguments());
        }
        while (answers.size() < batch.size()) {
            try {
                answers.add(open.getOne());
            } catch (JedisDataException refused) {
                answers.add(refused);
            }
        }
        usedAt = System.nanoTime();
    }

    /** The connection that there is, if it is any good: one that was silent for a while is asked, since it may be dead without saying so. */
    private @Nullable Connection usable() {
        Connection open = connection;
        if (open == null) {
            return null;
        }
        if (!open.isBroken() && dialling.current(open)) {
            try {
                if (System.nanoTime() - usedAt < SILENT_NANOS || open.ping()) {
                    return open;
                }
            } catch (JedisConnectionException dead) {
                LOG.log(System.Logger.Level.DEBUG, "A connection to Redis was dead", dead);
            }
        }
        letGo();
        return null;
    }

    private Connection dialled() {
        Connection made = dialling.dial(Duration.ZERO);
        connection = made;
        return made;
    }

    private void answer(Sent sent, @Nullable Object answer) {
        switch (answer) {
            case JedisNoScriptException unknown when !sent.inFull -> {
                Sent again = new Sent(sent.command, sent.answer, true);
                if (!waiting.offer(again)) {
                    sent.answer.completeExceptionally(new UnavailableException("Expected room for a command", unknown));
                }
            }
            case JedisException refused -> sent.answer.completeExceptionally(health.failed(refused));
            case null -> done(sent, List.of());
            default -> done(sent, answer);
        }
    }

    private void done(Sent sent, Object answer) {
        health.answered(sent.command.writes);
        sent.answer.complete(answer);
    }

    private void letGo() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            end(open);
        }
    }

    private void refuse(UnavailableException why) {
        List<Sent> left = new ArrayList<>();
        waiting.drainTo(left);
        left.forEach(sent -> sent.answer.completeExceptionally(why));
    }

    static void end(Connection connection) {
        try {
            connection.forceDisconnect();
        } catch (IOException | JedisException gone) {
            LOG.log(System.Logger.Level.TRACE, "A connection to Redis was dead already", gone);
        }
    }
}
