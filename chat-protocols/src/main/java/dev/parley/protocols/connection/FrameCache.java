package dev.parley.protocols.connection;

import dev.parley.application.event.Event;
import dev.parley.protocols.Frame;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;

/**
 * Remembers the frames made of the latest events, so that what a thousand connections are told alike is encoded once.
 *
 * <p>A protocol keeps one for everything that looks the same to all its connections, and one more for each variant: a frame that
 * depends on the reader does not belong here. Events are told apart by identity. Safe for use by many threads, never waits; two
 * threads that miss at the same moment both encode, which harms nobody.
 */
public final class FrameCache {

    private static final int SLOTS = 64;

    private record Entry(Event event, Frame frame) {}

    private final AtomicReferenceArray<Entry> slots = new AtomicReferenceArray<>(SLOTS);

    /** The frame of {@code event}, made by {@code encoder} unless it is remembered. */
    @SuppressWarnings("ReferenceEquality")
    public <E extends Event> Frame frame(E event, Function<? super E, Frame> encoder) {
        int hash = System.identityHashCode(event);
        int slot = (hash ^ (hash >>> 6)) & (SLOTS - 1);
        Entry entry = slots.get(slot);
        if (entry != null && entry.event() == event) {
            return entry.frame();
        }
        Frame frame = encoder.apply(event);
        slots.set(slot, new Entry(event, frame));
        return frame;
    }
}
