package dev.parley.client;

import java.util.Optional;

/**
 * The server's word that it has stored a message.
 *
 * @param duplicate it had it already: this was a repetition
 */
public record Receipt(String messageId, Optional<String> replyId, boolean duplicate) {}
