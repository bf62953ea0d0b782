package dev.parley.protocols.json;

/**
 * How much of a client's JSON is taken.
 *
 * @param depth objects and arrays inside each other, the outermost counted
 * @param stringLength of one text, in UTF-16 code units
 * @param documentBytes of the whole
 */
public record JsonLimits(int depth, int stringLength, int documentBytes) {

    /** For frames of at most 2 MB. */
    public static final JsonLimits STANDARD = new JsonLimits(32, 2 << 20, 2 << 20);

    public JsonLimits {
        if (depth < 1 || stringLength < 1 || documentBytes < 2) {
            throw new IllegalArgumentException(
                    "Expected limits from 1, found " + depth + ", " + stringLength + ", " + documentBytes);
        }
    }
}
