package dev.parley.domain.message;

import dev.parley.domain.access.UserId;
import java.time.Instant;

/**
 * What a message said before an edit.
 *
 * @param writtenAt since when it said so
 * @param replacedBy who changed it
 */
public record Version(String content, Instant writtenAt, Instant replacedAt, UserId replacedBy) {}
