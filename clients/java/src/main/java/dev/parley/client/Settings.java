package dev.parley.client;

import java.time.Duration;
import java.util.List;

/**
 * What a client does when it is not told otherwise.
 *
 * @param transports to be tried, best first
 * @param patience WebSockets that fail to open in a row before changing over
 */
record Settings(
        List<Transport.Kind> transports,
        int patience,
        Duration climbAfter,
        Duration backoffBase,
        Duration backoffCap,
        Duration openDeadline,
        Duration ackDeadline,
        Duration askDeadline,
        Duration pongDeadline,
        Duration gapDeadline,
        Duration stableAfter,
        Duration pollWait,
        int outboxLimit) {}
