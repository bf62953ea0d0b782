package dev.parley.domain.telemetry;

import dev.parley.domain.access.UserId;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.session.SessionId;
import java.time.Duration;
import java.util.Optional;

/** Something worth counting. Never text, tokens or secrets. */
public sealed interface TelemetryEvent {

    record ConnectionOpened(String protocol, UserId user) implements TelemetryEvent {}

    /** @param code the closing code, 1006 when the peer was just gone */
    record ConnectionClosed(String protocol, UserId user, int code, Duration open) implements TelemetryEvent {}

    /** A connection was not let in. */
    record ConnectionRefused(int status) implements TelemetryEvent {}

    /** A command was answered. */
    record CommandHandled(String command, Optional<SessionId> session, Optional<ErrorCode> refusal, Duration took)
            implements TelemetryEvent {}

    /** A message is durable. {@code took} from its arrival at the engine */
    record MessageStored(Duration took) implements TelemetryEvent {}

    /** How many replies wait and run on this node now. */
    record QueueChanged(int waiting, int running) implements TelemetryEvent {}

    /** A model's first text came. {@code took} from the start of the run */
    record FirstToken(String model, Duration took) implements TelemetryEvent {}

    record ReplyEnded(String model, ReplyStatus status, Optional<ErrorCode> error, int tokens, Duration took)
            implements TelemetryEvent {}

    record LimitDecided(String bucket, boolean allowed) implements TelemetryEvent {}

    record BytesSent(String protocol, UserId user, long bytes) implements TelemetryEvent {}

    record BytesReceived(String protocol, UserId user, long bytes) implements TelemetryEvent {}

    /** A durable step of the store. {@code steps} how many steps shared one commit */
    record StoreCommitted(int steps, Duration took) implements TelemetryEvent {}

    /** A part of the server that is needed came or went. */
    record DependencyChanged(String name, boolean up) implements TelemetryEvent {}
}
