package dev.parley.domain.topic;

import java.time.Instant;

/**
 * One thing that was published.
 *
 * @param position its place in the topic: 1, 2, 3, without gaps
 */
public record TopicEntry(TopicId topic, long position, Instant at, Publication publication) {}
