package dev.parley.domain.attachment;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 of a content.
 *
 * @param hex 64 digits of {@code [0-9a-f]}
 */
public record Sha256(String hex) implements Comparable<Sha256> {

    private static final int DIGITS = 64;

    public Sha256 {
        if (hex.length() != DIGITS || !hex.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
            throw new IllegalArgumentException("Expected " + DIGITS + " digits of 0-9 a-f");
        }
    }

    /** What {@code digest} has been fed with so far; the digest begins anew. */
    public static Sha256 of(MessageDigest digest) {
        return new Sha256(HexFormat.of().formatHex(digest.digest()));
    }

    public static Sha256 of(byte[] content) {
        MessageDigest digest = digest();
        digest.update(content);
        return of(digest);
    }

    /** One that has been fed with nothing. */
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Expected SHA-256, which every Java has", impossible);
        }
    }

    @Override
    public int compareTo(Sha256 other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
