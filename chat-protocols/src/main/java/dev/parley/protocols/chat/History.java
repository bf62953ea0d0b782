package dev.parley.protocols.chat;

import dev.parley.domain.Page;
import dev.parley.domain.access.UserId;
import dev.parley.domain.message.Message;
import dev.parley.domain.project.ProjectId;
import dev.parley.domain.store.Slice;
import dev.parley.protocols.json.JsonWriter;
import dev.parley.protocols.json.MessageJson;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A part of a session's messages as it stands in frames and answers: {@code messages, total, next}. */
public final class History {

    private History() {}

    public static JsonWriter write(
            JsonWriter to, Page<Message> page, Slice slice, Optional<ProjectId> project, UserId viewer) {
        return write(to, page, slice, each(project, viewer));
    }

    /** {@code each} writes one message. */
    public static JsonWriter write(
            JsonWriter to, Page<Message> page, Slice slice, BiConsumer<JsonWriter, Message> each) {
        messages(to, page, each);
        to.name("next");
        next(to, page, slice);
        return to;
    }

    /** Without {@code next}. {@code each} writes one message */
    public static JsonWriter messages(JsonWriter to, Page<Message> page, BiConsumer<JsonWriter, Message> each) {
        to.each("messages", page.items(), each);
        return to.field("total", page.total());
    }

    private static BiConsumer<JsonWriter, Message> each(Optional<ProjectId> project, UserId viewer) {
        return (json, message) -> MessageJson.write(json, message, project, Optional.of(viewer));
    }

    /** What to send on to go on in the same direction: a message id, or a number where an offset was given. */
    private static void next(JsonWriter to, Page<Message> page, Slice slice) {
        List<Message> items = page.items();
        if (items.isEmpty()) {
            to.nothing();
            return;
        }
        boolean full = items.size() >= slice.limit();
        switch (slice) {
            case Slice.Newest newest -> idOrNothing(to, items.getFirst(), page.total() > items.size());
            case Slice.Before before -> idOrNothing(to, items.getFirst(), full);
            case Slice.After after -> idOrNothing(to, items.getLast(), full);
            case Slice.FromOldest from -> {
                long next = from.offset() + items.size();
                if (next < page.total()) {
                    to.value(next);
                } else {
                    to.nothing();
                }
            }
        }
    }

    private static void idOrNothing(JsonWriter to, Message message, boolean more) {
        if (more) {
            to.value(message.id().value());
        } else {
            to.nothing();
        }
    }
}
