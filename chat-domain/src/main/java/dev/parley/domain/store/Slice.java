package dev.parley.domain.store;

import dev.parley.domain.PageRequest;
import dev.parley.domain.message.MessageId;

/** Which part of a session's messages is wanted; the answer is always oldest first. */
public sealed interface Slice {

    /** 1 to {@value PageRequest#MAX_LIMIT}. */
    int limit();

    /** The newest. */
    record Newest(int limit) implements Slice {
        public Newest {
            check(limit);
        }
    }

    /** Counted from the oldest. */
    record FromOldest(long offset, int limit) implements Slice {
        public FromOldest {
            check(limit);
            if (offset < 0) {
                throw new IllegalArgumentException("Expected an offset from 0, found " + offset);
            }
        }
    }

    /** What lies just before a message. */
    record Before(MessageId message, int limit) implements Slice {
        public Before {
            check(limit);
        }
    }

    /** What lies just after a message. */
    record After(MessageId message, int limit) implements Slice {
        public After {
            check(limit);
        }
    }

    private static void check(int limit) {
        if (limit < 1 || limit > PageRequest.MAX_LIMIT) {
            throw new IllegalArgumentException(
                    "Expected a limit of 1 to " + PageRequest.MAX_LIMIT + ", found " + limit);
        }
    }
}
