package dev.parley.testkit.store;

import dev.parley.domain.access.AuditTrail;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

final class MemoryAuditTrail implements AuditTrail {
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Entry> entries = new ArrayDeque<>();

    @Override
    public void record(Entry entry) {
        lock.lock();
        try {
            entries.push(entry);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<Entry> newest(int limit) {
        lock.lock();
        try {
            return entries.stream().limit(limit).toList();
        } finally {
            lock.unlock();
        }
    }
}
