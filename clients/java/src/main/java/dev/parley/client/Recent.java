package dev.parley.client;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Knows what was told lately, so that nothing is told twice: after a break a server may say once more what it was not sure of. */
final class Recent {

    private static final int REMEMBERED = 1_000;

    /** What may come again and means something each time, or is known by other means. */
    private static final Set<String> AGAIN =
            Set.of("connected", "resumed", "ack", "error", "queued", "stream_start", "stream_chunk", "stream_end");

    private final Set<List<Optional<String>>> known = new LinkedHashSet<>();

    /** Whether this frame was here before. */
    boolean repeated(Frame frame) {
        if (frame.text("cursor").isEmpty() || AGAIN.contains(frame.type())) {
            return false;
        }
        Stream<String> names = frame.type().equals("message")
                ? Stream.of("type", "message_id")
                : Stream.of("type", "cursor", "message_id", "user_id", "attachment_id", "action");
        if (!known.add(names.map(frame::text).toList())) {
            return true;
        }
        if (known.size() > REMEMBERED) {
            known.remove(known.iterator().next());
        }
        return false;
    }
}
