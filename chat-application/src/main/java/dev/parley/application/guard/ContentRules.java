package dev.parley.application.guard;

import dev.parley.application.Caller;
import dev.parley.application.ContentSettings;
import dev.parley.application.command.Outcome;
import dev.parley.domain.content.ContentFilter;
import dev.parley.domain.content.Filtering;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.session.Session;
import java.util.Optional;

/**
 * What people may write: messages that are not empty, titles of one line, nothing too long and no broken Unicode. Control
 * characters are taken out, and what offends is masked or refused where that is wanted.
 */
public final class ContentRules {

    private static final int MAX_EMOJI = 32;

    private final int maxLength;
    private final ContentSettings settings;
    private final ContentFilter filter;

    public ContentRules(int maxLength, ContentSettings settings, ContentFilter filter) {
        this.maxLength = maxLength;
        this.settings = settings;
        this.filter = filter;
    }

    /** A message's text as it is to be kept. */
    public Outcome<String> message(Caller caller, String content) {
        return message(caller, content, false);
    }

    /** As {@link #message(Caller, String)}; {@code mayBeBlank} where something else goes with it. */
    public Outcome<String> message(Caller caller, String content, boolean mayBeBlank) {
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
        return filtered(caller, clean.toString());
    }

    /** A session's title as it is to be kept; empty where there is none. */
    public Outcome<String> title(Caller caller, Optional<String> title) {
        String text = title.orElse("").strip();
        return text.length() > Session.MAX_TITLE || text.chars().anyMatch(Character::isISOControl)
                ? Outcome.refused(
                        ErrorCode.BAD_REQUEST,
                        "Expected a title of at most " + Session.MAX_TITLE + " characters in one line")
                : filtered(caller, text);
    }

    /** Whether a reaction may be added, which cannot be masked; it may be taken back whatever it is. */
    public Outcome<Boolean> reaction(Caller caller, String emoji) {
        return emoji.isBlank() || emoji.length() > MAX_EMOJI || emoji.chars().anyMatch(Character::isISOControl)
                ? Outcome.refused(
                        ErrorCode.BAD_REQUEST, "Expected an emoji of 1 to " + MAX_EMOJI + " characters")
                : Outcome.done(wanted(caller) == Filtering.OFF || filter.masked(emoji).equals(emoji));
    }

    private Outcome<String> filtered(Caller caller, String text) {
        return switch (wanted(caller)) {
            case OFF -> Outcome.done(text);
            case MASK -> Outcome.done(filter.masked(text));
            case REJECT -> filter.masked(text).equals(text) ? Outcome.done(text) : rejected();
        };
    }

    private Filtering wanted(Caller caller) {
        return settings.filtering().orElse(caller.filtering());
    }

    /** The answer to what offends where that is not wanted. */
    public static <R> Outcome<R> rejected() {
        return Outcome.refused(ErrorCode.CONTENT_REJECTED, "Expected content without words that offend");
    }
}
