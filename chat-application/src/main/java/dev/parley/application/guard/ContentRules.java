package dev.parley.application.guard;

import dev.parley.application.command.Outcome;
import dev.parley.domain.error.ErrorCode;

/** What text people may send: not empty, not too long, no broken Unicode; control characters are taken out. */
public final class ContentRules {

    private final int maxLength;

    public ContentRules(int maxLength) {
        this.maxLength = maxLength;
    }

    /** The text as it is to be kept. */
    public Outcome<String> checked(String content) {
        return checked(content, false);
    }

    /** As {@link #checked(String)}; {@code mayBeBlank} where something else goes with it. */
    public Outcome<String> checked(String content, boolean mayBeBlank) {
        if (content.codePointCount(0, content.length()) > maxLength) {
            return Outcome.refused(
                    ErrorCode.MESSAGE_TOO_LONG, "Expected at most " + maxLength + " characters of content");
        }
        StringBuilder clean = new StringBuilder(content.length());
        for (int i = 0; i < content.length();) {
            int c = content.codePointAt(i);
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                return Outcome.refused(ErrorCode.BAD_REQUEST, "Expected valid Unicode, found half a surrogate pair");
            }
            if (!Character.isISOControl(c) || c == '\n' || c == '\t') {
                clean.appendCodePoint(c);
            }
            i += Character.charCount(c);
        }
        if (!mayBeBlank && clean.toString().isBlank()) {
            return Outcome.refused(ErrorCode.BAD_REQUEST, "Expected content that is not blank");
        }
        return Outcome.done(clean.toString());
    }
}
