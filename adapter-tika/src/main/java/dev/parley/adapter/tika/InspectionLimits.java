package dev.parley.adapter.tika;

/**
 * How much an archive may unpack to before it is called a bomb.
 *
 * @param entries how many files it may hold, those in archives inside it included
 * @param unpacked how many bytes it may unpack to, whatever its size
 * @param harmless how many bytes it may unpack to whatever the ratio
 * @param ratio how many times its own size it may unpack to
 * @param depth how deep archives may lie in archives; 1 is none inside
 */
public record InspectionLimits(int entries, long unpacked, long harmless, int ratio, int depth) {

    /** 10,000 files, 1 GiB, 100 times above 10 MiB, 4 deep. */
    public static final InspectionLimits STANDARD = new InspectionLimits(10_000, 1L << 30, 10L << 20, 100, 4);

    public InspectionLimits {
        if (entries < 1 || unpacked < 1 || harmless < 1 || ratio < 1 || depth < 1) {
            throw new IllegalArgumentException("Expected limits above zero");
        }
    }

    /** How many bytes an archive of {@code size} bytes may unpack to. */
    long unpackedFrom(long size) {
        return Math.min(unpacked, Math.max(harmless, size * ratio));
    }
}
