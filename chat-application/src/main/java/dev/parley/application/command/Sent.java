package dev.parley.application.command;

import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import java.util.Optional;

/**
 * A message that is durable now.
 *
 * @param reply the reply that was asked for with it
 * @param position the newest position that came of it
 * @param duplicate true when it had been sent before and nothing was added
 */
public record Sent(Message message, Optional<MessageId> reply, long position, boolean duplicate) {}
