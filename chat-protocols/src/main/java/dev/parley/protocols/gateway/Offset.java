package dev.parley.protocols.gateway;

import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.SessionId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How far a client was told all its sessions: what it brings when it goes on after a cut, so that nobody need remember it. On the wire
 * {@code <session>=<position>~<reply>=<length>;<session>=…}, opaque to clients.
 */
record Offset(Map<SessionId, Place> places) {

    /** A client in more sessions joins them anew after a cut. */
    static final int MAX_SESSIONS = 16;

    /** Further running replies are begun anew. */
    static final int MAX_SHOWN = 16;

    static final Offset NOWHERE = new Offset(Map.of());

    private static final String TOO_MANY = "-";
    private static final int MAX_DIGITS = 18;

    /** A position in a session's changes, and how far its running replies were shown. */
    record Place(long position, Map<MessageId, Long> shown) {
        Place {
            shown = Map.copyOf(shown);
        }
    }

    Offset {
        places = Collections.unmodifiableMap(new LinkedHashMap<>(places));
    }

    /** What {@code text} means; empty when it is none, or stands for more than can be gone on with. */
    static Optional<Offset> parse(String text) {
        if (text.isEmpty()) {
            return Optional.of(NOWHERE);
        }
        String[] parts = text.split(";", MAX_SESSIONS + 1);
        if (parts.length > MAX_SESSIONS) {
            return Optional.empty();
        }
        Map<SessionId, Place> places = new LinkedHashMap<>();
        for (String part : parts) {
            String[] pieces = part.split("~", MAX_SHOWN + 2);
            Optional<Long> position = number(pieces[0]);
            String session = name(pieces[0]);
            if (position.isEmpty() || !SessionId.isValid(session) || pieces.length > MAX_SHOWN + 1) {
                return Optional.empty();
            }
            Map<MessageId, Long> shown = new LinkedHashMap<>();
            for (int i = 1; i < pieces.length; i++) {
                Optional<Long> length = number(pieces[i]);
                String reply = name(pieces[i]);
                if (length.isEmpty() || !MessageId.isValid(reply)) {
                    return Optional.empty();
                }
                shown.put(new MessageId(reply), length.get());
            }
            places.put(new SessionId(session), new Place(position.get(), shown));
        }
        return Optional.of(new Offset(places));
    }

    /** Writes it; {@code shown} may name replies of sessions that are not among the positions. */
    static String format(Map<SessionId, Long> positions, Map<MessageId, Shown> shown) {
        if (positions.size() > MAX_SESSIONS) {
            return TOO_MANY;
        }
        StringBuilder text = new StringBuilder(64);
        positions.forEach((session, position) -> {
            if (!text.isEmpty()) {
                text.append(';');
            }
            text.append(session.value()).append('=').append(position.longValue());
            shown.forEach((reply, far) -> {
                if (far.session().equals(session)) {
                    text.append('~').append(reply.value()).append('=').append(far.length());
                }
            });
        });
        return text.toString();
    }

    /** How far a reply was shown. */
    record Shown(SessionId session, long length) {}

    private static String name(String piece) {
        return piece.substring(0, Math.max(0, piece.lastIndexOf('=')));
    }

    private static Optional<Long> number(String piece) {
        String digits = piece.substring(piece.lastIndexOf('=') + 1);
        boolean plain =
                !digits.isEmpty() && digits.length() <= MAX_DIGITS && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return plain ? Optional.of(Long.parseLong(digits)) : Optional.empty();
    }
}
