package dev.parley.protocols.gateway;

import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.Frame;
import dev.parley.protocols.socketio.SocketEncoder;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Puts behind each event where its client is once it has it. Events are made once for a room; only this differs. Used by one thread
 * at a time.
 */
final class Stamp {

    private final Map<SessionId, Long> positions = new LinkedHashMap<>();
    private final Map<MessageId, Offset.Shown> shown = new LinkedHashMap<>();

    Frame put(Frame event) {
        saw(event.mark());
        return SocketEncoder.withOffset(event, Offset.format(positions, shown));
    }

    private void saw(Frame.Mark mark) {
        switch (mark) {
            case Frame.Mark.Of(SessionId session, Frame.Mark what) -> saw(session, what);
            case Frame.Mark.Left(SessionId session) -> {
                positions.remove(session);
                shown.values().removeIf(far -> far.session().equals(session));
            }
            case Frame.Mark.All all -> all.marks().forEach(this::saw);
            case Frame.Mark.None none -> {}
            case Frame.Mark.At at -> {}
            case Frame.Mark.Shown grown -> {}
            case Frame.Mark.Ended ended -> {}
            case Frame.Mark.Published published -> {}
        }
    }

    private void saw(SessionId session, Frame.Mark what) {
        switch (what) {
            case Frame.Mark.At(long position) -> positions.merge(session, position, Math::max);
            case Frame.Mark.Shown(MessageId reply, long length) -> show(reply, new Offset.Shown(session, length));
            case Frame.Mark.Ended(MessageId reply, long position) -> {
                shown.remove(reply);
                positions.merge(session, position, Math::max);
            }
            case Frame.Mark.None none -> {}
            case Frame.Mark.Published published -> {}
            case Frame.Mark.Of of -> {}
            case Frame.Mark.Left left -> {}
            case Frame.Mark.All all -> all.marks().forEach(each -> saw(session, each));
        }
    }

    /** What grew last stays longest. */
    private void show(MessageId reply, Offset.Shown far) {
        if (shown.replace(reply, far) == null) {
            shown.put(reply, far);
            if (shown.size() > Offset.MAX_SHOWN) {
                shown.remove(shown.keySet().iterator().next());
            }
        }
    }
}
