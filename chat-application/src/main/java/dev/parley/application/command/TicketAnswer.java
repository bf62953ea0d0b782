package dev.parley.application.command;

import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;

/** What somebody who asks about a ticket is given. */
public sealed interface TicketAnswer {

    /** It was answered before: a whole answer by a real model. */
    record Cached(Message answer) implements TicketAnswer {}

    /** An answer is being written, for this one and for everybody else who asks meanwhile. */
    record Running(MessageId reply) implements TicketAnswer {}
}
