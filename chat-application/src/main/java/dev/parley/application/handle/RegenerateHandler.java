package dev.parley.application.handle;

import dev.parley.application.command.Changed;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.guard.Access;
import dev.parley.application.guard.Limits;
import dev.parley.application.reply.Replies;
import dev.parley.domain.access.Right;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyFacts;
import dev.parley.domain.message.Role;
import dev.parley.domain.store.SessionTransaction;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A new reply to an old question; it names the earlier ones and takes their place. Counts as a message. */
final class RegenerateHandler {

    private final MessageSteps steps;
    private final Limits limits;
    private final Asking asking;

    RegenerateHandler(MessageSteps steps, Limits limits, Asking asking) {
        this.steps = steps;
        this.limits = limits;
        this.asking = asking;
    }

    Outcome<Changed> handle(Call call, Command.Regenerate command) {
        return steps.permitted(call, Optional.of(command.session()), command.message(), Right.SEND)
                .then(seen -> limits.message(call.caller()))
                .then(counted -> asking.place(command.ask()))
                .then(place -> ask(call, command, place));
    }

    private Outcome<Changed> ask(Call call, Command.Regenerate command, Replies.Place place) {
        MessageId reply = asking.newId();
        AtomicReference<Optional<Asking.Begun>> begun = new AtomicReference<>(Optional.empty());
        return asking.store(
                place,
                reply,
                command.ask(),
                () -> steps.change(
                        call,
                        Optional.of(command.session()),
                        command.message(),
                        Right.SEND,
                        (step, session, named, now) -> question(step, named)
                                .then(asked -> asking.fits(step, command.ask()).then(fit -> {
                                    Asking.Begun started =
                                            asking.begin(step, asked, call.user(), command.ask(), reply, now);
                                    begun.set(Optional.of(started));
                                    return Outcome.done(
                                            new Changed(asked, Optional.of(reply), started.position()));
                                }))),
                changed -> begun.get());
    }

    /** The question that {@code named} is, or answers. */
    private static Outcome<Message> question(SessionTransaction step, Message named) {
        MessageId id = named.reply().map(ReplyFacts::question).orElse(named.id());
        Optional<Message> question = step.message(id);
        if (question.isEmpty()) {
            return Access.noMessage(id);
        }
        return question.get().deleted() || question.get().role() != Role.USER
                ? Outcome.refused(ErrorCode.CONFLICT, "Expected a question that is still there")
                : Outcome.done(question.get());
    }
}
