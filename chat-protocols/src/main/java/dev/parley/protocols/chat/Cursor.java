package dev.parley.protocols.chat;

import dev.parley.application.Link;
import dev.parley.domain.message.MessageId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How far a client has seen a session: everything durable up to a position, and of running replies so much of their text.
 *
 * <p>On the wire {@code <position>} or {@code <position>~<message_id>:<seq>,<message_id>:<seq>}; clients keep it as it is.
 */
public record Cursor(long position, Map<MessageId, Long> shown) {

    /** More replies than ever run in one session; what claims more is no cursor. */
    private static final int MAX_SHOWN = 64;

    public Cursor {
        if (position < 0) {
            throw new IllegalArgumentException("Expected a position from 0, found " + position);
        }
        shown = Collections.unmodifiableMap(new LinkedHashMap<>(shown));
    }

    public static Cursor at(long position) {
        return new Cursor(position, Map.of());
    }

    /** What {@code text} means; empty when it is no cursor. */
    public static Optional<Cursor> parse(String text) {
        int tilde = text.indexOf('~');
        Optional<Long> position = number(tilde < 0 ? text : text.substring(0, tilde));
        if (position.isEmpty()) {
            return Optional.empty();
        }
        return tilde < 0
                ? Optional.of(at(position.get()))
                : parseShown(text.substring(tilde + 1)).map(shown -> new Cursor(position.get(), shown));
    }

    /** The list {@code <message_id>:<seq>,…}, as it also stands in the parameter {@code streams}; empty when it is none. */
    public static Optional<Map<MessageId, Long>> parseShown(String text) {
        Map<MessageId, Long> shown = new LinkedHashMap<>();
        if (text.isEmpty()) {
            return Optional.of(shown);
        }
        String[] parts = text.split(",", MAX_SHOWN + 1);
        if (parts.length > MAX_SHOWN) {
            return Optional.empty();
        }
        for (String part : parts) {
            // Ids may hold colons, numbers may not.
            int colon = part.lastIndexOf(':');
            Optional<Long> length = number(part.substring(colon + 1));
            if (colon < 1 || length.isEmpty() || !MessageId.isValid(part.substring(0, colon))) {
                return Optional.empty();
            }
            shown.put(new MessageId(part.substring(0, colon)), length.get());
        }
        return Optional.of(shown);
    }

    /** With what {@code more} knows of replies, which goes before what this knows. */
    public Cursor with(Map<MessageId, Long> more) {
        Map<MessageId, Long> merged = new LinkedHashMap<>(shown);
        merged.putAll(more);
        return new Cursor(position, merged);
    }

    public Link.From.Position from() {
        return new Link.From.Position(position, shown);
    }

    public String format() {
        if (shown.isEmpty()) {
            return Long.toString(position);
        }
        StringBuilder text = new StringBuilder().append(position);
        char separator = '~';
        for (Map.Entry<MessageId, Long> reply : shown.entrySet()) {
            text.append(separator).append(reply.getKey()).append(':').append(reply.getValue());
            separator = ',';
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return format();
    }

    private static Optional<Long> number(String digits) {
        if (digits.isEmpty() || digits.length() > 18 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        return Optional.of(Long.parseLong(digits));
    }
}
