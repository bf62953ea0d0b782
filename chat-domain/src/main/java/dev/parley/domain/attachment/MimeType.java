package dev.parley.domain.attachment;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What kind of content a file has.
 *
 * @param value {@code type/subtype} in lower case, without parameters
 */
public record MimeType(String value) {

    private static final Pattern SHAPE = Pattern.compile("[a-z0-9][a-z0-9!#$&^_.+-]{0,62}/[a-z0-9][a-z0-9!#$&^_.+-]{0,94}");

    /** Of a content nobody knows. */
    public static final MimeType UNKNOWN = new MimeType("application/octet-stream");

    public MimeType {
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException("Expected a type such as image/png");
        }
    }

    /** What a client means, its parameters left out; {@link #UNKNOWN} when it makes no sense. */
    public static MimeType of(String said) {
        int parameters = said.indexOf(';');
        String bare = (parameters < 0 ? said : said.substring(0, parameters)).strip().toLowerCase(Locale.ROOT);
        return SHAPE.matcher(bare).matches() ? new MimeType(bare) : UNKNOWN;
    }

    public boolean image() {
        return value.startsWith("image/");
    }

    @Override
    public String toString() {
        return value;
    }
}
