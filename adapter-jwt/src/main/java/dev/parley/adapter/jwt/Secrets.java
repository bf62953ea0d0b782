package dev.parley.adapter.jwt;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Secrets as keys. */
final class Secrets {

    private static final int LEAST_BYTES = 32;

    private Secrets() {}

    static byte[] bytes(String secret) {
        byte[] bytes = secret.getBytes(UTF_8);
        if (bytes.length < LEAST_BYTES) {
            throw new IllegalArgumentException(
                    "Expected a secret of at least " + LEAST_BYTES + " bytes, found " + bytes.length);
        }
        return bytes;
    }
}
