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
        try (place) {
            return steps.change(
                    call,
                    Optional.of(command.session()),
                    command.message(),
                    Right.SEND,
                    (step, session, named, now) -> {
                        MessageId question =
                                named.reply().map(ReplyFacts::question).orElse(named.id());
                        Optional<Message> asked = step.message(question);
                        if (asked.isEmpty()) {
                            return Access.noMessage(question);
                        }
                        if (asked.get().deleted() || asked.get().role() != Role.USER) {
                            return Outcome.refused(
                                    ErrorCode.CONFLICT, "Expected a question that is still there");
                        }
                        return asking.fits(step, command.ask()).then(fit -> {
                            Asking.Begun started = asking.begin(
                                    step, asked.get(), call.user(), command.ask(), reply, now);
                            begun.set(Optional.of(started));
                            return Outcome.done(new Changed(
                                    asked.get(), Optional.of(reply), started.position()));
                        });
                    })
                    .then(changed -> {
                        begun.get().ifPresent(started -> asking.go(place, started, command.ask()));
                        return Outcome.done(changed);
                    });
        }
    }
}
