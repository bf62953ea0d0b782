package dev.parley.adapter.embedded.system;

import dev.parley.domain.IdSource;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;

/**
 * ULIDs: 26 characters of Crockford's base 32, 48 bits of time in milliseconds before 80 bits of chance.
 *
 * <p>Within one millisecond, and while the clock is behind its own past, each is a random step of up to 2<sup>32</sup> after
 * the one before; so they always grow, and none tells the next.
 */
public final class TimeOrderedIds implements IdSource {

    private static final char[] DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
    private static final int LENGTH = 26;

    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final ReentrantLock lock = new ReentrantLock();

    /** 48 bits of time and the first 16 bits of chance. */
    private long high;

    /** The other 64 bits of chance. */
    private long low;

    public TimeOrderedIds(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public String next() {
        long first;
        long second;
        lock.lock();
        try {
            advance();
            first = high;
            second = low;
        } finally {
            lock.unlock();
        }
        return written(first, second);
    }

    private void advance() {
        long now = clock.millis();
        if (now > high >>> 16) {
            high = now << 16 | random.nextInt(1 << 16);
            low = random.nextLong();
            return;
        }
        long before = low;
        low += 1 + (random.nextInt() & 0xFFFF_FFFFL);
        if (Long.compareUnsigned(low, before) < 0) {
            high++;
        }
    }

    private static String written(long high, long low) {
        char[] id = new char[LENGTH];
        long upper = high;
        long lower = low;
        for (int i = LENGTH - 1; i >= 0; i--) {
            id[i] = DIGITS[(int) (lower & 31)];
            lower = lower >>> 5 | upper << 59;
            upper >>>= 5;
        }
        return new String(id);
    }
}
