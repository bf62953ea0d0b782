package dev.parley.application.handle;

import dev.parley.application.Ports;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.guard.Access;
import dev.parley.application.reply.Replies;
import dev.parley.domain.access.Right;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.store.SessionTransaction;
import java.util.List;
import java.util.Optional;

/** Never counted against a limit. */
final class StopRepliesHandler {

    private final Ports ports;
    private final Access access;
    private final Replies replies;

    StopRepliesHandler(Ports ports, Access access, Replies replies) {
        this.ports = ports;
        this.access = access;
        this.replies = replies;
    }

    Outcome<Command.Stopped> handle(Call call, Command.StopReplies command) {
        return access.open(call.caller(), command.session(), Right.SEND).then(session -> {
            List<Reply> unfinished =
                    ports.sessions().write(command.session(), SessionTransaction::unfinished);
            List<Reply> meant = unfinished.stream()
                    .filter(reply -> means(command.message(), reply))
                    .toList();
            if (meant.isEmpty() && command.message().isPresent()) {
                return known(call, command.message().get(), command);
            }
            access.auditForeign(call.principal(), session, "stop_reply");
            return Outcome.done(new Command.Stopped(replies.stop(meant, call.user())));
        });
    }

    /** Stopping what has ended is no mistake; stopping what never was is. */
    private Outcome<Command.Stopped> known(Call call, MessageId message, Command.StopReplies command) {
        return access.message(call.caller(), Optional.of(command.session()), message)
                .then(found -> Outcome.done(new Command.Stopped(List.of())));
    }

    private static boolean means(Optional<MessageId> named, Reply reply) {
        return named.isEmpty() || reply.id().equals(named.get()) || reply.question().equals(named.get());
    }
}
