package dev.parley.adapter.redis;

import java.net.ConnectException;
import java.net.SocketException;
import java.util.regex.Pattern;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** What that which the driver throws says of Redis. */
final class Failures {

    /**
     * What Redis says when it would refuse others too: it is starting, full, a replica, without its replicas, cannot write to its
     * disk, is busy with a script that does not end, or does not know us. Said by itself, or behind a hyphen where a script was told.
     */
    private static final Pattern OF_THE_SERVER = Pattern.compile(
            "(?:^|-)(?:LOADING|BUSY|UNKILLABLE|READONLY|MASTERDOWN|CLUSTERDOWN|MISCONF|NOREPLICAS|OOM|NOAUTH|NOPERM|WRONGPASS|TRYAGAIN)\\b"
                    + "|max number of clients|The user executing the script");

    /** What it says of what one call found or gave. */
    private static final Pattern OF_THE_CALL =
            Pattern.compile("^(?:WRONGTYPE|NOSCRIPT|CROSSSLOT)\\b|user_script|(?:running|compiling) script");

    /** What it says when it only refuses to write, and reads as ever. */
    private static final Pattern OF_WRITING = Pattern.compile("(?:^|-)(?:OOM|READONLY|MISCONF|NOREPLICAS)\\b");

    private Failures() {}

    /** Whether Redis refuses to write, and reads as ever. */
    static boolean aboutWriting(JedisException failure) {
        return failure instanceof JedisDataException
                && OF_WRITING.matcher(String.valueOf(failure.getMessage())).find();
    }

    /** Whether a connection that stood was ended by the other side, or on the way: not that none came to be, or nothing was heard. */
    static boolean hungUp(JedisConnectionException failure) {
        return failure.getCause() instanceof SocketException broken && !(broken instanceof ConnectException)
                || String.valueOf(failure.getMessage()).startsWith("Unexpected end of stream");
    }

    /** Whether Redis is well and refuses this one call. */
    static boolean aboutTheCall(JedisException failure) {
        String message = String.valueOf(failure.getMessage());
        return failure instanceof JedisDataException
                && !(failure instanceof JedisAccessControlException)
                && !(failure.getCause() instanceof JedisConnectionException)
                && OF_THE_CALL.matcher(message).find()
                && !OF_THE_SERVER.matcher(message).find();
    }
}
