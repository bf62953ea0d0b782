package dev.parley.protocols.socketio;

import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.connection.FrameWriter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket that wants to take over from the polls of a session: it probes, is answered, and then asks. Used under its session's
 * lock; what is to be called without it goes into a list.
 */
final class EngineUpgrade {

    /** What came over such a WebSocket. */
    enum Asked {
        /** It was answered; polls are to be let go. */
        PROBED,
        /** It carries the session from now on. */
        TAKES_OVER,
        /** Nothing that belongs here; it is gone. */
        NONSENSE
    }

    private @Nullable FrameWriter candidate;
    private boolean probed;
    private long until;

    /** A WebSocket came; false when there is one already. {@code latest} when it must have taken over */
    boolean begin(FrameWriter wanting, long latest) {
        if (candidate != null) {
            return false;
        }
        candidate = wanting;
        probed = false;
        until = latest;
        return true;
    }

    boolean is(FrameWriter which) {
        return which.equals(candidate);
    }

    /** Whether polls are to be let go. */
    boolean probed() {
        return probed;
    }

    Asked received(FrameWriter from, Frame packet, List<Runnable> after) {
        if (!probed && EnginePackets.probes(packet)) {
            probed = true;
            after.add(() -> from.write(List.of(EnginePackets.PROBED), () -> {}));
            return Asked.PROBED;
        }
        if (probed && EnginePackets.type(packet).equals(Optional.of(EnginePackets.Type.UPGRADE))) {
            forget();
            return Asked.TAKES_OVER;
        }
        drop(after);
        return Asked.NONSENSE;
    }

    /** Lets go of one that is late. */
    void tick(long now, List<Runnable> after) {
        if (candidate != null && now >= until) {
            drop(after);
        }
    }

    /** Sends it away, if there is one. */
    void drop(List<Runnable> after) {
        FrameWriter wanting = candidate;
        if (wanting != null) {
            forget();
            after.add(() -> wanting.close(Closing.Reason.PROTOCOL.code(), "probe"));
        }
    }

    /** It is gone by itself, or carries the session. */
    void forget() {
        candidate = null;
        probed = false;
    }
}
