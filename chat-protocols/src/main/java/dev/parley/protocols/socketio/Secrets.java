package dev.parley.protocols.socketio;

import java.security.SecureRandom;
import java.util.Base64;

/** Makes ids that nobody can guess. Safe for use by many threads. */
public final class Secrets {

    private static final int BYTES = 18;

    private final SecureRandom random = new SecureRandom();

    public String next() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
