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
    LIMIT("clock", "limit"),
    USAGE("clock", "usage"),
    LEASE_ACQUIRE("lease-acquire"),
    LEASE_RELEASE("lease-release"),
    PRESENCE_ENTER("clock", "presence-enter"),
    PRESENCE_LEAVE("clock", "presence-leave"),
    PRESENCE_IN("clock", "presence-in"),
    PRESENCE_SWEEP("clock", "presence-sweep"),
    PRESENCE_TOLD("clock", "presence-told"),
    CONNECTION_PUT("clock", "connections", "connection-put"),
    CONNECTION_TOUCH("clock", "connections", "connection-touch"),
    CONNECTION_REMOVE("connections", "connection-remove"),
    CONNECTION_COUNT("clock", "connections", "connection-count"),
    CONNECTION_LIST("clock", "connections", "connection-list"),
    LOG_CREATE("log-create"),
    LOG_APPEND("log-append"),
    LOG_RESTORE("log-restore"),
    LOG_READ("log-read");

    private final byte[] text;
    private final byte[] hash;

    Script(String... parts) {
        StringBuilder whole = new StringBuilder();
        for (String part : parts) {
            whole.append(read(part + ".lua"));
        }
        this.text = whole.toString().getBytes(StandardCharsets.UTF_8);
        this.hash = sha1(text).getBytes(StandardCharsets.US_ASCII);
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
