package dev.parley.client;

import java.time.Duration;
import java.util.Optional;

/**
 * How a reply reached its reader, seen from here.
 *
 * @param timeToFirstToken empty when no text came piece by piece
 * @param longestGap the longest silence between two pieces
 * @param gaps how often text was missing
 * @param duplicates how often text came twice
 * @param reconnects connections lost while it ran
 */
public record Measure(
        Optional<String> messageId,
        Reply.Status status,
        Optional<String> transport,
        Duration duration,
        Optional<Duration> timeToFirstToken,
        Duration longestGap,
        int characters,
        int chunks,
        int gaps,
        int duplicates,
        int reconnects) {}
