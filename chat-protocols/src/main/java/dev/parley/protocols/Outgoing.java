package dev.parley.protocols;

import dev.parley.application.event.Event;

/** Something for the client, and what may become of it while the client is slow. */
public sealed interface Outgoing {

    /** Is never dropped. */
    record Kept(Frame frame) implements Outgoing {}

    /** A hint: a later one with the same key takes the place of one that still waits. */
    record Replaceable(String key, Frame frame) implements Outgoing {}

    /** Grown text: pieces that still wait are merged into one and put into a frame when it is their turn. */
    record Growing(Event.ReplyGrew grown) implements Outgoing {}
}
