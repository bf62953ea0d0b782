package dev.parley.protocols.topics;

import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.topic.TopicId;
import dev.parley.protocols.Frame;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Gives frames their ids, in the order in which a client gets them: each says what the client has seen once it has that frame.
 * Envelopes are made once for all connections and lack their end, which is put on here. Used by one thread at a time.
 */
final class Stamp {

    private final String connection;
    private final Map<MessageId, Long> shown = new LinkedHashMap<>();
    private final Map<TopicId, Long> topics = new LinkedHashMap<>();
    private final StringBuilder end = new StringBuilder();
    private long position;
    private long number;

    /** {@code connection} makes the ids differ from those of others */
    Stamp(ConnectionId connection) {
        this.connection = Integer.toString(connection.value().hashCode() & Integer.MAX_VALUE, Character.MAX_RADIX);
    }

    /** The whole frame. */
    Frame put(Frame envelope) {
        saw(envelope.mark());
        end.setLength(0);
        end.append(",\"id\":\"");
        Place.write(end, position, shown, topics);
        end.append(connection).append('.').append(++number).append("\"}");
        byte[] begin = envelope.utf8();
        byte[] whole = Arrays.copyOf(begin, begin.length + end.length());
        // Ids are ASCII.
        byte[] tail = end.toString().getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(tail, 0, whole, begin.length, tail.length);
        return new Frame(whole, envelope.mark());
    }

    private void saw(Frame.Mark mark) {
        switch (mark) {
            case Frame.Mark.None none -> {}
            case Frame.Mark.At at -> position = at.position();
            case Frame.Mark.Shown grown -> newest(shown, grown.reply(), grown.offset());
            case Frame.Mark.Ended ended -> {
                shown.remove(ended.reply());
                position = ended.position();
            }
            case Frame.Mark.Published published -> {
                if (published.position() < 0) {
                    topics.remove(published.topic());
                } else {
                    newest(topics, published.topic(), published.position());
                }
            }
            case Frame.Mark.Of of -> {}
            case Frame.Mark.Left left -> {}
            case Frame.Mark.All all -> all.marks().forEach(this::saw);
        }
    }

    /** What changed last stays longest. */
    private static <K> void newest(Map<K, Long> map, K key, long value) {
        if (map.replace(key, value) == null) {
            map.put(key, value);
            if (map.size() > Place.MAX_EACH) {
                map.remove(map.keySet().iterator().next());
            }
        }
    }
}
