package dev.parley.adapter.redis;

import dev.parley.domain.error.UnavailableException;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** What the driver throws, in our words. */
final class Failures {

    private Failures() {}

    /** Tells the circuit how a call went wrong, and says it as we do. */
    static UnavailableException told(JedisException failure, Circuit circuit) {
        String what = String.valueOf(failure.getMessage());
        if (aboutTheCall(failure)) {
            circuit.succeeded();
        } else {
            circuit.failed(what);
        }
        return new UnavailableException("Expected Redis to do what it was asked: " + what, failure);
    }

    /** Whether Redis is well and refuses this one call. */
    private static boolean aboutTheCall(JedisException failure) {
        return failure instanceof JedisDataException
                && !(failure instanceof JedisAccessControlException)
                && !(failure.getCause() instanceof JedisConnectionException)
                && !aboutTheServer(String.valueOf(failure.getMessage()));
    }

    private static boolean aboutTheServer(String message) {
        return message.startsWith("LOADING")
                || message.startsWith("BUSY")
                || message.startsWith("READONLY")
                || message.startsWith("MASTERDOWN")
                || message.startsWith("CLUSTERDOWN")
                || message.startsWith("MISCONF")
                || message.startsWith("NOREPLICAS")
                || message.startsWith("OOM");
    }
}
