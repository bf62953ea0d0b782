package dev.parley.application.handle;

import dev.parley.application.Ports;
import dev.parley.application.command.Ask;
import dev.parley.application.command.Changed;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.guard.ContentRules;
import dev.parley.application.guard.Limits;
import dev.parley.application.reply.Replies;
import dev.parley.domain.PageRequest;
import dev.parley.domain.access.Right;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Role;
import dev.parley.domain.store.SessionTransaction;
import dev.parley.domain.store.Slice;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Only authors edit; asking anew goes with it only for the session's latest question. */
final class EditMessageHandler {

    private final Ports ports;
    private final MessageSteps steps;
    private final Limits limits;
    private final ContentRules content;
    private final Asking asking;

    EditMessageHandler(Ports ports, MessageSteps steps, Limits limits, ContentRules content, Asking asking) {
        this.ports = ports;
        this.steps = steps;
        this.limits = limits;
        this.content = content;
        this.asking = asking;
    }

    Outcome<Changed> handle(Call call, Command.EditMessage command) {
        return content.message(call.caller(), command.content()).then(text -> {
            if (command.ask().isEmpty()) {
                return steps.change(
                        call,
                        command.session(),
                        command.message(),
                        Right.CHANGE_OWN,
                        (step, session, message, now) -> mine(call, message)
                                .then(own -> MessageSteps.changed(
                                        own.edited(text, now), edit(step, call, own, text, now))));
            }
            return steps.permitted(call, command.session(), command.message(), Right.CHANGE_OWN)
                    .then(seen -> mine(call, seen))
                    .then(this::latest)
                    .then(latest -> limits.message(call.caller()))
                    .then(counted -> asking.place(command.ask().get()))
                    .then(place -> editAndAsk(call, command, text, place));
        });
    }

    private Outcome<Changed> editAndAsk(
            Call call, Command.EditMessage command, String text, Replies.Place place) {
        Ask ask = command.ask().orElse(Ask.PLAINLY);
        MessageId reply = asking.newId();
        AtomicReference<Optional<Asking.Begun>> begun = new AtomicReference<>(Optional.empty());
        return asking.store(
                place,
                reply,
                ask,
                () -> steps.change(
                        call,
                        command.session(),
                        command.message(),
                        Right.CHANGE_OWN,
                        (step, session, message, now) -> mine(call, message)
                                .then(own -> asking.fits(step, ask).then(fit -> {
                                    edit(step, call, own, text, now);
                                    Message edited = own.edited(text, now);
                                    Asking.Begun asked =
                                            asking.begin(step, edited, call.user(), ask, reply, now);
                                    begun.set(Optional.of(asked));
                                    return Outcome.done(
                                            new Changed(edited, Optional.of(reply), asked.position()));
                                }))),
                changed -> begun.get());
    }

    private static Change edit(SessionTransaction step, Call call, Message message, String text, Instant now) {
        return step.append(now, new Change.MessageEdited(message.edited(text, now), call.user()));
    }

    private static Outcome<Message> mine(Call call, Message message) {
        return message.author().is(call.user())
                ? Outcome.done(message)
                : Outcome.refused(ErrorCode.FORBIDDEN, "Expected a message of the caller's own");
    }

    /** The message, if no question came after it. */
    private Outcome<Message> latest(Message message) {
        List<Message> after = ports.messages()
                .page(message.session(), new Slice.After(message.id(), PageRequest.MAX_LIMIT))
                .items();
        boolean later = after.stream().anyMatch(other -> other.role() == Role.USER && !other.deleted());
        return later
                ? Outcome.refused(ErrorCode.CONFLICT, "Expected the latest question, found an older one")
                : Outcome.done(message);
    }
}
