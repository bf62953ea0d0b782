package dev.parley.application.command;

import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import java.util.Optional;

/**
 * A message that was changed.
 *
 * @param reply a reply that was asked for with it
 * @param position the newest position that came of it; the message's session's newest when nothing was left to change
 */
public record Changed(Message message, Optional<MessageId> reply, long position) {}
