package dev.parley.protocols.chat;

import dev.parley.domain.message.MessageId;
import dev.parley.protocols.Frame;
import java.util.LinkedHashMap;
import java.util.Map;

/** Knows the cursor of a client that cannot know it by itself, from the frames it was given. Used by one thread at a time. */
public final class CursorTracker {

    private static final int MAX_SHOWN = 64;

    private final Map<MessageId, Long> shown = new LinkedHashMap<>();
    private long position;

    /** Begins where the client says it is. */
    public CursorTracker(Cursor start) {
        position = start.position();
        shown.putAll(start.shown());
    }

    /** The client was given a frame with this mark. */
    public void saw(Frame.Mark mark) {
        switch (mark) {
            case Frame.Mark.None none -> {}
            case Frame.Mark.At at -> position = Math.max(position, at.position());
            case Frame.Mark.Shown grown -> {
                shown.put(grown.reply(), grown.offset());
                if (shown.size() > MAX_SHOWN) {
                    shown.remove(shown.keySet().iterator().next());
                }
            }
            case Frame.Mark.Ended ended -> {
                shown.remove(ended.reply());
                position = Math.max(position, ended.position());
            }
            case Frame.Mark.Published published -> {}
            case Frame.Mark.Of of -> {}
            case Frame.Mark.Left left -> {}
            case Frame.Mark.All all -> all.marks().forEach(this::saw);
        }
    }

    public Cursor cursor() {
        return new Cursor(position, shown);
    }
}
