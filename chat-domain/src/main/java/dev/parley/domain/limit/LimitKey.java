package dev.parley.domain.limit;

/**
 * Whose quota is meant.
 *
 * @param bucket what is limited: {@code messages}, {@code rest} …
 * @param holder who is limited: a user's or a connection's id
 */
public record LimitKey(String bucket, String holder) {}
