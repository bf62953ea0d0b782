package dev.parley.protocols.topics;

import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.topic.TopicId;
import dev.parley.protocols.Frame;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What a client has seen: everything durable in its session up to a position, of running replies so much of their text, and of
 * topics everything up to a position. It stands in the id of every frame, where clients take it for a name.
 *
 * <p>On the wire {@code <position>~<message_id>:<offset>,…~<topic>:<position>,…~<something that makes it unique>}; the session's own
 * topic stands there without a name.
 */
record Place(long position, Map<MessageId, Long> shown, Map<TopicId, Long> topics) {

    /** More than one connection ever has of either; what claims more is no place. */
    static final int MAX_EACH = 100;

    private static final int PARTS = 4;

    Place {
        shown = Collections.unmodifiableMap(new LinkedHashMap<>(shown));
        topics = Collections.unmodifiableMap(new LinkedHashMap<>(topics));
    }

    /**
     * What a frame's id means; empty when it is none of ours.
     *
     * @param own the topic that stands there without a name
     */
    static Optional<Place> parse(String id, Optional<SessionId> own) {
        String[] parts = id.split("~", PARTS + 1);
        if (parts.length != PARTS) {
            return Optional.empty();
        }
        Optional<Long> position = number(parts[0]);
        Optional<Map<MessageId, Long>> shown = numbered(parts[1], MessageId::isValid, MessageId::new);
        Optional<Map<TopicId, Long>> topics = numbered(
                parts[2],
                name -> name.isEmpty() ? own.isPresent() : TopicId.isName(name),
                name -> name.isEmpty() ? TopicId.of(own.orElseThrow()) : TopicId.named(name));
        return position.isPresent() && shown.isPresent() && topics.isPresent()
                ? Optional.of(new Place(position.get(), shown.get(), topics.get()))
                : Optional.empty();
    }

    /** What a frame moves a client to that is here. */
    Frame.Mark mark() {
        List<Frame.Mark> marks = new ArrayList<>();
        marks.add(new Frame.Mark.At(position));
        shown.forEach((reply, offset) -> marks.add(new Frame.Mark.Shown(reply, offset)));
        new TreeMap<>(topics).forEach((topic, at) -> marks.add(new Frame.Mark.Published(topic, at)));
        return new Frame.Mark.All(marks);
    }

    /** Everything but what makes it unique. */
    static void write(StringBuilder to, long position, Map<MessageId, Long> shown, Map<TopicId, Long> topics) {
        to.append(position).append('~');
        String separator = "";
        for (Map.Entry<MessageId, Long> reply : shown.entrySet()) {
            to.append(separator).append(reply.getKey().value()).append(':').append(reply.getValue().longValue());
            separator = ",";
        }
        to.append('~');
        separator = "";
        for (Map.Entry<TopicId, Long> topic : topics.entrySet()) {
            String name = topic.getKey().session().isPresent() ? "" : topic.getKey().value();
            to.append(separator).append(name).append(':').append(topic.getValue().longValue());
            separator = ",";
        }
        to.append('~');
    }

    private static <K> Optional<Map<K, Long>> numbered(String text, Predicate<String> valid, Function<String, K> key) {
        Map<K, Long> found = new LinkedHashMap<>();
        String[] items = text.isEmpty() ? new String[0] : text.split(",", MAX_EACH + 1);
        if (items.length > MAX_EACH) {
            return Optional.empty();
        }
        for (String item : items) {
            // Ids may hold colons, numbers may not.
            int colon = item.lastIndexOf(':');
            Optional<Long> number = number(item.substring(colon + 1));
            if (colon < 0 || number.isEmpty() || !valid.test(item.substring(0, colon))) {
                return Optional.empty();
            }
            found.put(key.apply(item.substring(0, colon)), number.get());
        }
        return Optional.of(found);
    }

    private static Optional<Long> number(String digits) {
        if (digits.isEmpty() || digits.length() > 18 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        return Optional.of(Long.parseLong(digits));
    }
}
