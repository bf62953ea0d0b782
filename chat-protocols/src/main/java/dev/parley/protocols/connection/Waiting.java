package dev.parley.protocols.connection;

import dev.parley.application.event.Event;
import dev.parley.domain.message.MessageId;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Outgoing;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What waits in a mailbox, in the order of writing: hints in the place of older ones with their key, grown text merged with what
 * waits of the same reply. Used under its connection's lock.
 *
 * <p>Mostly something waits by itself and is taken at once. Then it is kept as it is, and nothing is made for what could come.
 */
final class Waiting {

    /** So many bytes of frames are written together. */
    static final int BATCH_BYTES = 64 * 1024;

    /** Grown text is not merged into a piece longer than this. */
    private static final int MERGED_CHARS = 16 * 1024;

    /** What an entry costs beside its text. */
    private static final int OVERHEAD = 64;

    private @Nullable Outgoing alone;
    // Made when something is to be put there.
    private @Nullable ArrayDeque<Entry> entries;
    private @Nullable Map<String, HintEntry> hints;
    private @Nullable Map<MessageId, TextEntry> texts;
    private long bytes;

    private sealed interface Entry {
        long size();
    }

    private record KeptEntry(Frame frame) implements Entry {
        @Override
        public long size() {
            return OVERHEAD + (long) frame.size();
        }
    }

    private static final class HintEntry implements Entry {
        private final String key;
        private Frame frame;

        HintEntry(String key, Frame frame) {
            this.key = key;
            this.frame = frame;
        }

        @Override
        public long size() {
            return OVERHEAD + (long) frame.size();
        }
    }

    /** Pieces of one reply that follow each other. */
    private static final class TextEntry implements Entry {
        private final Event.ReplyGrew first;
        private final List<Event.ReplyGrew> more = new ArrayList<>(0);
        private long to;
        private long size;

        TextEntry(Event.ReplyGrew first) {
            this.first = first;
            this.to = first.to();
            this.size = sizeOf(first);
        }

        static long sizeOf(Event.ReplyGrew only) {
            return 2L * OVERHEAD + utf8Length(only.text());
        }

        boolean takes(Event.ReplyGrew next) {
            return next.from() == to && next.to() - first.from() <= MERGED_CHARS;
        }

        void add(Event.ReplyGrew next) {
            more.add(next);
            to = next.to();
            size += (long) Long.BYTES + utf8Length(next.text());
        }

        /** The event itself when it stands alone: what is made of it is shared. */
        Event.ReplyGrew merged() {
            if (more.isEmpty()) {
                return first;
            }
            StringBuilder text = new StringBuilder((int) (to - first.from())).append(first.text());
            more.forEach(piece -> text.append(piece.text()));
            return new Event.ReplyGrew(first.session(), first.reply(), first.from(), text.toString());
        }

        @Override
        public long size() {
            return size;
        }
    }

    boolean isEmpty() {
        return alone == null && (entries == null || entries.isEmpty());
    }

    /** How many frames wait. */
    int count() {
        return alone != null ? 1 : entries == null ? 0 : entries.size();
    }

    /** About how much memory waits. */
    long bytes() {
        return bytes;
    }

    void add(Outgoing outgoing) {
        if (isEmpty()) {
            alone = outgoing;
            bytes = size(outgoing);
            return;
        }
        Outgoing first = alone;
        if (first != null) {
            alone = null;
            bytes = 0;
            enqueue(first);
        }
        enqueue(outgoing);
    }

    private static long size(Outgoing outgoing) {
        return switch (outgoing) {
            case Outgoing.Kept kept -> OVERHEAD + (long) kept.frame().size();
            case Outgoing.Replaceable hint -> OVERHEAD + (long) hint.frame().size();
            case Outgoing.Growing growing -> TextEntry.sizeOf(growing.grown());
        };
    }

    private void enqueue(Outgoing outgoing) {
        switch (outgoing) {
            case Outgoing.Kept kept -> {
                clear(texts);
                append(new KeptEntry(kept.frame()));
            }
            case Outgoing.Replaceable hint -> {
                Map<String, HintEntry> known = hints == null ? new HashMap<>(4) : hints;
                hints = known;
                HintEntry older = known.get(hint.key());
                if (older == null) {
                    HintEntry entry = new HintEntry(hint.key(), hint.frame());
                    known.put(hint.key(), entry);
                    append(entry);
                } else {
                    bytes += hint.frame().size() - older.frame.size();
                    older.frame = hint.frame();
                }
            }
            case Outgoing.Growing growing -> grow(growing.grown());
        }
    }

    private void grow(Event.ReplyGrew grown) {
        Map<MessageId, TextEntry> known = texts == null ? new HashMap<>(4) : texts;
        texts = known;
        TextEntry newest = known.get(grown.reply());
        if (newest == null || !newest.takes(grown)) {
            TextEntry entry = new TextEntry(grown);
            known.put(grown.reply(), entry);
            append(entry);
        } else {
            long before = newest.size();
            newest.add(grown);
            bytes += newest.size() - before;
        }
    }

    private void append(Entry entry) {
        ArrayDeque<Entry> queue = entries == null ? new ArrayDeque<>(4) : entries;
        entries = queue;
        queue.add(entry);
        bytes += entry.size();
    }

    /** Takes what is to be written next: about {@link #BATCH_BYTES}, or one frame that is larger; something must wait. */
    List<Frame> take(Mailbox.Owner owner) {
        Outgoing only = alone;
        if (only != null) {
            clear();
            return List.of(owner.stamped(switch (only) {
                case Outgoing.Kept kept -> kept.frame();
                case Outgoing.Replaceable hint -> hint.frame();
                case Outgoing.Growing growing -> owner.encode(growing.grown());
            }));
        }
        List<Frame> batch = new ArrayList<>(4);
        long taken = 0;
        ArrayDeque<Entry> queue = entries == null ? new ArrayDeque<>() : entries;
        for (Entry next = queue.peek(); next != null && (batch.isEmpty() || taken + next.size() <= BATCH_BYTES); next =
                queue.peek()) {
            queue.remove();
            taken += next.size();
            batch.add(owner.stamped(frame(next, owner)));
        }
        bytes -= taken;
        if (queue.isEmpty()) {
            clear();
        }
        return batch;
    }

    private Frame frame(Entry entry, Mailbox.Owner owner) {
        return switch (entry) {
            case KeptEntry kept -> kept.frame();
            case HintEntry hint -> {
                if (hints != null) {
                    hints.remove(hint.key);
                }
                yield hint.frame;
            }
            case TextEntry text -> {
                if (texts != null) {
                    texts.remove(text.first.reply(), text);
                }
                yield owner.encode(text.merged());
            }
        };
    }

    void clear() {
        alone = null;
        entries = null;
        hints = null;
        texts = null;
        bytes = 0;
    }

    private static void clear(@Nullable Map<?, ?> known) {
        if (known != null) {
            known.clear();
        }
    }

    private static int utf8Length(String text) {
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Each half of a pair counts two of its four bytes.
            length += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return length;
    }
}
