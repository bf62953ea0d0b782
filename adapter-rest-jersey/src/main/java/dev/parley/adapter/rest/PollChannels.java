package dev.parley.adapter.rest;

import dev.parley.domain.access.UserId;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.chat.Cursor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Connections that wait for their next poll. Any that stands at the cursor a client sends is as good as any other: what a client
 * has seen is all that tells them apart. Safe for use by many threads.
 */
final class PollChannels {

    private final ReentrantLock lock = new ReentrantLock();
    private final List<PollChannel> waiting = new ArrayList<>();

    /** Takes one out for a poll. */
    Optional<PollChannel> take(UserId user, SessionId session, Cursor cursor) {
        lock.lock();
        try {
            for (Iterator<PollChannel> all = waiting.iterator(); all.hasNext();) {
                PollChannel channel = all.next();
                if (channel.user.equals(user)
                        && channel.session.equals(session)
                        && channel.cursor().equals(cursor)) {
                    all.remove();
                    if (channel.claim()) {
                        return Optional.of(channel);
                    }
                }
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Puts one back until the next poll, unless it ended meanwhile. */
    void park(PollChannel channel) {
        lock.lock();
        try {
            waiting.add(channel);
        } finally {
            lock.unlock();
        }
        if (!channel.release()) {
            forget(channel);
        }
    }

    /** It is at its end. */
    void forget(PollChannel channel) {
        lock.lock();
        try {
            waiting.remove(channel);
        } finally {
            lock.unlock();
        }
    }

    int parked() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** Lets the user's oldest go to make room; false when there is none. */
    boolean evict(UserId user) {
        Optional<PollChannel> oldest;
        lock.lock();
        try {
            oldest = waiting.stream().filter(channel -> channel.user.equals(user)).findFirst();
            oldest.ifPresent(waiting::remove);
        } finally {
            lock.unlock();
        }
        oldest.ifPresent(PollChannel::end);
        return oldest.isPresent();
    }
}
