package dev.parley.adapter.rest;

import dev.parley.domain.session.Visibility;
import java.time.Duration;

/**
 * How requests are answered.
 *
 * @param maxBody the longest body of a request, in bytes
 * @param maxUpload the largest file that may be uploaded, in bytes
 * @param visibility what a session becomes that is made without saying
 * @param idleAfter how long nothing happens in a session until it counts as idle
 * @param longestPoll how long a poll may wait at most
 * @param retryAfter what clients are told that find no place
 * @param comment how long an event stream is silent before something is said on it, only to see whether anybody is there: a client
 *     that left is not seen before the third time
 */
public record RestSettings(
        int maxBody, long maxUpload, Visibility visibility, Duration idleAfter, Duration longestPoll, Duration retryAfter,
        Duration comment) {

    public static final RestSettings STANDARD = new RestSettings(
            2 << 20, 50L << 20, Visibility.PRIVATE, Duration.ofMinutes(30), Duration.ofSeconds(60), Duration.ofSeconds(5),
            Duration.ofSeconds(15));
}
