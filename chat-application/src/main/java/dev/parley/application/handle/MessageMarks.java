package dev.parley.application.handle;

import dev.parley.application.command.Changed;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.guard.ContentRules;
import dev.parley.domain.access.Right;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.Receipt;

/** What others put on a message: reactions, feedback, receipts. */
final class MessageMarks {

    private final MessageSteps steps;
    private final ContentRules content;

    MessageMarks(MessageSteps steps, ContentRules content) {
        this.steps = steps;
        this.content = content;
    }

    Outcome<Changed> react(Call call, Command.React command) {
        return content.reaction(call.caller(), command.emoji())
                .then(fit -> steps.change(
                        call, command.session(), command.message(), Right.SEND, (step, session, message, now) -> {
                            String emoji = command.emoji();
                            if (!fit && !message.reacted(call.user(), emoji)) {
                                return ContentRules.rejected();
                            }
                            Message toggled = message.toggled(call.user(), emoji);
                            boolean added = toggled.reacted(call.user(), emoji);
                            if (toggled.reactions().size() > Math.max(Message.MAX_REACTIONS, message.reactions().size())) {
                                return Outcome.refused(
                                        ErrorCode.BAD_REQUEST,
                                        "Expected at most " + Message.MAX_REACTIONS + " different reactions");
                            }
                            return MessageSteps.changed(
                                    toggled,
                                    step.append(now, new Change.ReactionChanged(toggled, call.user(), emoji, added)));
                        }));
    }

    Outcome<Changed> rate(Call call, Command.GiveFeedback command) {
        return steps.change(
                call, command.session(), command.message(), Right.SEND, (step, session, message, now) -> {
                    if (message.reply().isEmpty()) {
                        return Outcome.refused(ErrorCode.BAD_REQUEST, "Expected a reply, found a person's message");
                    }
                    Message rated = message.rated(call.user(), command.feedback());
                    return MessageSteps.changed(
                            rated,
                            step.append(now, new Change.FeedbackGiven(rated, call.user(), command.feedback())));
                });
    }

    Outcome<Changed> received(Call call, Command.MarkReceived command) {
        return steps.change(
                call, command.session(), command.message(), Right.SEND, (step, session, message, now) -> {
                    boolean known = command.receipt() == Receipt.READ
                            ? message.readBy().containsKey(call.user())
                            : message.deliveredTo().containsKey(call.user());
                    if (known || message.author().is(call.user())) {
                        return MessageSteps.unchanged(session, message);
                    }
                    Message marked = message.received(call.user(), command.receipt(), now);
                    return MessageSteps.changed(
                            marked,
                            step.append(now, new Change.ReceiptGiven(marked, call.user(), command.receipt())));
                });
    }
}
