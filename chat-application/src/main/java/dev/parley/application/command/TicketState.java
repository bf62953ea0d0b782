package dev.parley.application.command;

import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyStatus;
import java.util.Optional;

/**
 * How a ticket stands.
 *
 * @param answer what everybody is answered who does not ask anew
 * @param running the answer that is being written
 * @param newest how the newest answer stands, whether it is one to keep or not
 */
public record TicketState(
        Optional<Message> answer, Optional<MessageId> running, Optional<ReplyStatus> newest, boolean closed) {

    /** Of a ticket that nobody has asked about. */
    public static final TicketState UNKNOWN =
            new TicketState(Optional.empty(), Optional.empty(), Optional.empty(), false);
}
