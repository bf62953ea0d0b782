package dev.parley.application.handle;

import dev.parley.application.command.TicketAnswer;
import dev.parley.application.command.TicketState;
import dev.parley.domain.llm.Model;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyFacts;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.TicketId;
import dev.parley.domain.store.SessionTransaction;
import java.util.List;
import java.util.Optional;

/**
 * A ticket as one step finds it: its question and the answers to that. Whatever else is said in its session is not part of it.
 *
 * <p>The question's id is made of the ticket's, so that whoever looks for it finds it, at every node, in one indivisible step. Only
 * when the question was deleted there is a next one, under the next id.
 *
 * @param questionId what the question is called, or is to be called
 * @param question what was asked, if anything was
 * @param answer the newest answer that is one to keep
 * @param running the newest answer that is being written
 * @param newest the newest answer of all
 */
record Ticket(
        MessageId questionId,
        Optional<Message> question,
        Optional<Message> answer,
        Optional<MessageId> running,
        Optional<Message> newest,
        boolean closed) {

    static Ticket in(SessionTransaction step, TicketId id) {
        int number = 1;
        Optional<Message> question = step.message(questionId(id, number));
        while (question.filter(Message::deleted).isPresent()) {
            number++;
            question = step.message(questionId(id, number));
        }
        List<Message> answers = question.map(asked -> step.repliesTo(asked.id())).orElse(List.of());
        MessageId asked = questionId(id, number);
        return new Ticket(
                asked,
                question,
                last(answers.stream().filter(Ticket::keeps).toList()),
                last(step.unfinished()
                        .stream()
                        .filter(reply -> reply.question().equals(asked))
                        .map(Reply::id)
                        .toList()),
                last(answers),
                step.session().map(Session::closed).orElse(false));
    }

    /**
     * What somebody is given who asks; empty when a model is to be asked. Who asks anew about something else is not given what is
     * being written about the question as it was.
     */
    Optional<TicketAnswer> given(boolean refresh, Optional<String> body) {
        Optional<TicketAnswer> kept = answer.filter(whole -> !refresh).map(TicketAnswer.Cached::new);
        return kept.or(() -> running.filter(reply -> !refresh || !changed(body)).map(TicketAnswer.Running::new));
    }

    private boolean changed(Optional<String> body) {
        return body.filter(text -> !text.isBlank())
                .flatMap(text -> question.filter(asked -> !asked.content().equals(text)))
                .isPresent();
    }

    TicketState state() {
        return new TicketState(
                answer, running, newest.flatMap(Message::reply).map(ReplyFacts::status), closed);
    }

    /** Whether a message is an answer that is given again: whole, with something in it, and not made up. */
    private static boolean keeps(Message answer) {
        return answer.reply()
                .filter(facts -> facts.status() == ReplyStatus.COMPLETED
                        && !facts.model().equals(Model.DEMO)
                        && !answer.content().isBlank())
                .isPresent();
    }

    /** No longer than the session's id, since a number has fewer digits than that has letters before the ticket's. */
    private static MessageId questionId(TicketId id, int number) {
        return new MessageId("t" + number + ":" + id);
    }

    private static <T> Optional<T> last(List<T> items) {
        return items.isEmpty() ? Optional.empty() : Optional.of(items.getLast());
    }
}
