package dev.parley.application.reply;

import dev.parley.application.EngineSettings;
import dev.parley.domain.llm.Prompt;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.message.Role;
import dev.parley.domain.project.Project;
import dev.parley.domain.project.ProjectSource;
import dev.parley.domain.session.Session;
import dev.parley.domain.store.MessageStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts together what a model reads: the system prompt, the project's data, the history up to the question.
 *
 * <p>The history is always a valid alternation that begins and ends with the user: neighbours of one role become one turn. Where
 * several people speak, each turn says who does. An answer that was cut off says so, so that the model does not take it for
 * its own last word.
 */
final class PromptBuilder {

    private static final String CUT_OFF = "\n\n[This answer was cut off.]";

    private final EngineSettings settings;
    private final MessageStore messages;
    private final ProjectSource projects;

    PromptBuilder(EngineSettings settings, MessageStore messages, ProjectSource projects) {
        this.settings = settings;
        this.messages = messages;
        this.projects = projects;
    }

    /** Empty when what was asked is not there to be answered any more. */
    Optional<Prompt> build(Session session, Turn turn, Choice choice) {
        List<Prompt.Turn> turns = new ArrayList<>();
        String system = turn.ask().systemPrompt().orElse(choice.agent().systemPrompt());
        if (!system.isBlank()) {
            turns.add(new Prompt.Turn(Role.SYSTEM, system));
        }
        Optional<Project> project = session.project().flatMap(projects::find);
        project.ifPresent(found -> turns.add(
                new Prompt.Turn(Role.SYSTEM, "Project " + found.name() + "\n\n" + found.data())));
        List<Message> context =
                messages.context(turn.session(), turn.questionPosition(), settings.contextMessages());
        if (context.isEmpty() || !context.getLast().id().equals(turn.reply().question())) {
            return Optional.empty();
        }
        turns.addAll(history(context));
        return Optional.of(new Prompt(
                choice.model(), turns, turn.ask().options().over(choice.agent().options())));
    }

    private static List<Prompt.Turn> history(List<Message> messages) {
        boolean several = messages.stream()
                .filter(message -> message.role() == Role.USER)
                .map(Message::author)
                .distinct()
                .count() > 1;
        List<Prompt.Turn> turns = new ArrayList<>();
        for (Message message : messages) {
            String text = text(message, several);
            if (text.isEmpty() || turns.isEmpty() && message.role() == Role.ASSISTANT) {
                continue;
            }
            Role role = message.role();
            if (!turns.isEmpty() && turns.getLast().role() == role) {
                Prompt.Turn last = turns.removeLast();
                turns.add(new Prompt.Turn(role, last.content() + "\n\n" + text));
            } else {
                turns.add(new Prompt.Turn(role, text));
            }
        }
        return turns;
    }

    private static String text(Message message, boolean several) {
        String content = message.content();
        if (content.isBlank()) {
            return "";
        }
        boolean whole = message.reply().isEmpty() || message.reply().get().status() == ReplyStatus.COMPLETED;
        if (!whole) {
            return content + CUT_OFF;
        }
        return several && message.author() instanceof Author.Person person ? person.name() + ": " + content : content;
    }
}
