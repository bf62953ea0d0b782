package dev.parley.client;

import java.util.Map;
import java.util.Optional;

/**
 * Where to resume.
 *
 * @param streams how far each running reply is known
 */
record Place(Optional<String> since, Map<String, Integer> streams) {}
