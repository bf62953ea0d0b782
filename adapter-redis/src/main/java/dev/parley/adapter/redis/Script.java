package dev.parley.adapter.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What Redis does in one indivisible step. It is called by its hash, and sent in full only where Redis does not know it yet. */
@SuppressWarnings("ImmutableEnumChecker") // nobody changes the bytes
enum Script {
    LIMIT(true, "clock", "limit"),
    USAGE(false, "clock", "usage"),
    LEASE_ACQUIRE(true, "lease-acquire"),
    LEASE_RELEASE(false, "lease-release"),
    PRESENCE_ENTER(true, "clock", "presence-enter"),
    PRESENCE_LEAVE(false, "clock", "presence-leave"),
    PRESENCE_IN(false, "clock", "presence-in"),
    PRESENCE_SWEEP(false, "clock", "presence-sweep"),
    PRESENCE_TOLD(false, "clock", "presence-told"),
    CONNECTION_PUT(true, "clock", "connections", "connection-put"),
    CONNECTION_TOUCH(true, "clock", "connections", "connection-touch"),
    CONNECTION_REMOVE(false, "connections", "connection-remove"),
    CONNECTION_COUNT(false, "clock", "connections", "connection-count"),
    CONNECTION_LIST(false, "clock", "connections", "connection-list"),
    LOG_CREATE(true, "log-create"),
    LOG_APPEND(true, "log-append"),
    LOG_RESTORE(true, "log-restore"),
    LOG_READ(false, "log-read");

    private final boolean writes;
    private final byte[] text;
    private final byte[] hash;

    Script(boolean writes, String... parts) {
        this.writes = writes;
        StringBuilder whole = new StringBuilder();
        for (String part : parts) {
            whole.append(read(part + ".lua"));
        }
        this.text = whole.toString().getBytes(StandardCharsets.UTF_8);
        this.hash = sha1(text).getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether it asks for more memory: a Redis that is full refuses it then. */
    boolean writes() {
        return writes;
    }

    byte[] text() {
        return text;
    }

    /** The name by which Redis knows it once it has seen it. */
    byte[] hash() {
        return hash;
    }

    private static String read(String resource) {
        try (InputStream in = Script.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("Expected the resource " + resource + " beside " + Script.class.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String sha1(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
        } catch (NoSuchAlgorithmException none) {
            throw new IllegalStateException("Expected SHA-1, which every Java has", none);
        }
    }
}
