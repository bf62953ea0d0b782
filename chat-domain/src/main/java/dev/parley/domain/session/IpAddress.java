package dev.parley.domain.session;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * An address of a network as a value: read from text, never from names, so nobody is asked. One of the fourth version in the sixth's
 * clothes is one of the fourth.
 */
public final class IpAddress {

    private static final int V4 = 4;
    private static final int V6 = 16;
    private static final int GROUPS = 8;
    private static final String MAPPED = "00000000000000000000ffff";

    private final byte[] bytes;

    private IpAddress(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Empty for what is no address; a scope behind a percent sign is passed over. */
    public static Optional<IpAddress> parse(String text) {
        int scope = text.indexOf('%');
        String plain = scope < 0 ? text : text.substring(0, scope);
        return (plain.indexOf(':') < 0 ? v4(plain) : v6(plain)).map(IpAddress::new);
    }

    private static Optional<byte[]> v4(String text) {
        String[] parts = text.split("\\.", -1);
        byte[] bytes = new byte[V4];
        for (int i = 0; i < V4; i++) {
            if (parts.length != V4 || !parts[i].matches("[0-9]{1,3}") || Integer.parseInt(parts[i]) > 255) {
                return Optional.empty();
            }
            bytes[i] = (byte) Integer.parseInt(parts[i]);
        }
        return Optional.of(bytes);
    }

    private static Optional<byte[]> v6(String text) {
        int gap = text.indexOf("::");
        Optional<List<Integer>> before = groups(gap < 0 ? text : text.substring(0, gap), gap < 0);
        Optional<List<Integer>> after = groups(gap < 0 ? "" : text.substring(gap + 2), true);
        if (before.isEmpty() || after.isEmpty()) {
            return Optional.empty();
        }
        int written = before.get().size() + after.get().size();
        if (gap < 0 ? written != GROUPS : written >= GROUPS) {
            return Optional.empty();
        }
        List<Integer> groups = new ArrayList<>(before.get());
        for (int i = written; i < GROUPS; i++) {
            groups.add(0);
        }
        groups.addAll(after.get());
        byte[] bytes = new byte[V6];
        for (int i = 0; i < GROUPS; i++) {
            bytes[2 * i] = (byte) (groups.get(i) >> 8);
            bytes[2 * i + 1] = (byte) groups.get(i).intValue();
        }
        boolean mapped = HexFormat.of().formatHex(bytes, 0, V6 - V4).equals(MAPPED);
        return Optional.of(mapped ? java.util.Arrays.copyOfRange(bytes, V6 - V4, V6) : bytes);
    }

    /** Groups of sixteen bits; the last two of all may be written as an address of the fourth version. */
    private static Optional<List<Integer>> groups(String text, boolean last) {
        List<Integer> groups = new ArrayList<>();
        if (text.isEmpty()) {
            return Optional.of(groups);
        }
        String[] parts = text.split(":", -1);
        for (int i = 0; i < parts.length; i++) {
            if (parts[i].matches("[0-9A-Fa-f]{1,4}")) {
                groups.add(Integer.parseInt(parts[i], 16));
                continue;
            }
            Optional<byte[]> mixed = last && i == parts.length - 1 ? v4(parts[i]) : Optional.empty();
            if (mixed.isEmpty()) {
                return Optional.empty();
            }
            byte[] four = mixed.get();
            groups.add((four[0] & 0xff) << 8 | four[1] & 0xff);
            groups.add((four[2] & 0xff) << 8 | four[3] & 0xff);
        }
        return Optional.of(groups);
    }

    /** How many bits it has: 32 or 128. */
    public int bits() {
        return bytes.length * Byte.SIZE;
    }

    /** Whether the first {@code prefix} bits are the same. */
    public boolean beginsLike(IpAddress other, int prefix) {
        if (bytes.length != other.bytes.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit += Byte.SIZE) {
            int mask = prefix - bit >= Byte.SIZE ? 0xff : 0xff << (Byte.SIZE - (prefix - bit)) & 0xff;
            if (((bytes[bit / Byte.SIZE] ^ other.bytes[bit / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is a computer's own name for itself. */
    public boolean loopback() {
        if (bytes.length == V4) {
            return bytes[0] == 127;
        }
        for (int i = 0; i < V6 - 1; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return bytes[V6 - 1] == 1;
    }

    /**
     * The part that its holder cannot choose: an address of the fourth version is somebody, while of one of the sixth everybody has
     * the last 64 bits to choose.
     */
    String network() {
        return bytes.length == V4 ? toString() : written(GROUPS / 2) + "::/64";
    }

    private String written(int groups) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < groups; i++) {
            text.append(i == 0 ? "" : ":")
                    .append(Integer.toHexString((bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff));
        }
        return text.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IpAddress that && java.util.Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return java.util.Arrays.hashCode(bytes);
    }

    /** In one spelling: {@code 192.0.2.7}, {@code 2001:db8:0:0:0:0:0:7}. */
    @Override
    public String toString() {
        if (bytes.length == V6) {
            return written(GROUPS);
        }
        return (bytes[0] & 0xff) + "." + (bytes[1] & 0xff) + "." + (bytes[2] & 0xff) + "." + (bytes[3] & 0xff);
    }
}
