package dev.parley.adapter.redis;

import dev.parley.domain.error.Circuit;
import dev.parley.domain.error.UnavailableException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Tells the circuit how calls went. A Redis that is full, or a replica, still reads and announces: once it has refused to write,
 * only what it writes says that it is well again.
 */
final class Health {

    private final Circuit circuit;
    private volatile boolean refuses;

    Health(Circuit circuit) {
        this.circuit = circuit;
    }

    /** As {@link Circuit#enter}. */
    void enter() {
        circuit.enter();
    }

    /** A call was answered. {@code writes} whether it would not have been by a Redis that refuses to write */
    void answered(boolean writes) {
        if (writes) {
            refuses = false;
        }
        if (!refuses) {
            circuit.succeeded();
        }
    }

    /** A call went wrong; says it as we do. */
    UnavailableException failed(JedisException failure) {
        String what = String.valueOf(failure.getMessage());
        if (Failures.aboutTheCall(failure)) {
            answered(false);
        } else {
            refuses = Failures.aboutWriting(failure);
            circuit.failed(what);
        }
        return new UnavailableException("Expected Redis to do what it was asked: " + what, failure);
    }
}
