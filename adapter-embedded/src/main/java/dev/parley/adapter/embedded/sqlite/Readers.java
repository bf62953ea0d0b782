package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.error.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

/** A few platform threads that read, each with a connection: calls into native code would pin virtual threads. */
final class Readers implements AutoCloseable {
    private final ExecutorService threads;
    private final BlockingQueue<Sql> idle;
    private final List<Sql> all = new ArrayList<>();

    Readers(Connections connections, int count) {
        this.idle = new ArrayBlockingQueue<>(count);
        this.threads = Executors.newFixedThreadPool(
                count, Thread.ofPlatform().name("parley-sqlite-reader-", 0).daemon().factory());
        for (int i = 0; i < count; i++) {
            all.add(connections.reader());
        }
        idle.addAll(all);
    }

    /** What {@code query} finds in one unchanging view of everything that is committed. */
    <T> T read(Function<Sql, T> query) {
        CompletableFuture<T> answer;
        try {
            answer = CompletableFuture.supplyAsync(() -> inOneView(query), threads);
        } catch (RejectedExecutionException closed) {
            throw new UnavailableException("Expected an open database, found it closed", closed);
        }
        return Waiting.join(answer);
    }

    private <T> T inOneView(Function<Sql, T> query) {
        Sql sql = idle.remove();
        try {
            sql.update("BEGIN");
            boolean done = false;
            try {
                T found = query.apply(sql);
                sql.update("COMMIT");
                done = true;
                return found;
            } finally {
                if (!done) {
                    sql.rollBack();
                }
            }
        } finally {
            sql.takeFault();
            idle.add(sql);
        }
    }

    @Override
    public void close() {
        threads.close();
        all.forEach(Sql::close);
    }
}
