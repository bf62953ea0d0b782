package dev.parley.domain.limit;

import java.time.Duration;

/**
 * How much of a quota is taken.
 *
 * @param resetIn until all permits are free again if none is taken; zero when all are free
 */
public record Usage(int used, int limit, Duration resetIn) {}
