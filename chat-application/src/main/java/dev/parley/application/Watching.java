package dev.parley.application;

import dev.parley.domain.topic.TopicId;
import java.util.Map;

/**
 * Which topics a connection is told of, to begin with.
 *
 * @param positions behind which entry of each
 */
public record Watching(Map<TopicId, Long> positions) {

    public Watching {
        positions = Map.copyOf(positions);
    }
}
