package dev.parley.application.reply;

import dev.parley.application.EngineSettings;
import dev.parley.application.FilePorts;
import dev.parley.application.Ports;
import dev.parley.domain.llm.ModelCatalog;
import dev.parley.domain.llm.Prompt;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.message.Role;
import dev.parley.domain.project.Project;
import dev.parley.domain.project.ProjectSource;
import dev.parley.domain.session.Session;
import dev.parley.domain.store.MessageStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts together what a model reads: the system prompt, the project's data, the history up to the question.
 *
 * <p>Files that go with messages are read by {@link PromptFiles}. The history is always a valid alternation that begins and ends with the user: neighbours of one role become one turn. Where
 * several people speak, each turn says who does. An answer that was cut off says so, so that the model does not take it for
 * its own last word.
 */
final class PromptBuilder {

    private static final String VISION = "vision";
    private static final String CUT_OFF = "\n\n[This answer was cut off.]";

    private final EngineSettings settings;
    private final MessageStore messages;
    private final ProjectSource projects;
    private final FilePorts files;
    private final ModelCatalog models;

    PromptBuilder(EngineSettings settings, Ports ports) {
        this.settings = settings;
        this.messages = ports.messages();
        this.projects = ports.projects();
        this.files = ports.files();
        this.models = ports.models();
    }

    /** The history up to the question, which is the last; empty when the question is not there to be answered any more. */
    List<Message> context(Turn turn) {
        List<Message> context =
                messages.context(turn.session(), turn.questionPosition(), settings.contextMessages());
        return context.isEmpty() || !context.getLast().id().equals(turn.reply().question()) ? List.of() : context;
    }

    /** What the model reads. {@code context} as {@link #context} found it */
    Prompt build(Session session, List<Message> context, Turn turn, Choice choice) {
        List<Prompt.Turn> turns = new ArrayList<>();
        String system = turn.ask().systemPrompt().orElse(choice.agent().systemPrompt());
        if (!system.isBlank()) {
            turns.add(new Prompt.Turn(Role.SYSTEM, system));
        }
        Optional<Project> project = session.project().flatMap(projects::find);
        project.ifPresent(found -> turns.add(
                new Prompt.Turn(Role.SYSTEM, "Project " + found.name() + "\n\n" + found.data())));
        turns.addAll(history(context, files(context, choice)));
        return new Prompt(
                choice.model(), turns, turn.ask().options().over(choice.agent().options()));
    }

    /** Most conversations have no files, and then nobody asks what the model can do. */
    private Map<MessageId, PromptFiles.Files> files(List<Message> context, Choice choice) {
        if (context.stream().allMatch(message -> message.attachments().isEmpty())) {
            return Map.of();
        }
        boolean sees = models.find(choice.model())
                .filter(model -> model.capabilities().contains(VISION))
                .isPresent();
        return new PromptFiles(files, sees).of(context);
    }

    private static List<Prompt.Turn> history(List<Message> messages, Map<MessageId, PromptFiles.Files> files) {
        boolean several = messages.stream()
                .filter(message -> message.role() == Role.USER)
                .map(Message::author)
                .distinct()
                .count() > 1;
        List<Prompt.Turn> turns = new ArrayList<>();
        for (Message message : messages) {
            PromptFiles.Files with = files.getOrDefault(message.id(), PromptFiles.Files.NONE);
            String said = text(message, several);
            String text = said.isEmpty() || with.text().isEmpty() ? said + with.text() : said + "\n\n" + with.text();
            if (text.isEmpty() || turns.isEmpty() && message.role() == Role.ASSISTANT) {
                continue;
            }
            Role role = message.role();
            if (!turns.isEmpty() && turns.getLast().role() == role) {
                Prompt.Turn last = turns.removeLast();
                List<Prompt.Image> images = new ArrayList<>(last.images());
                images.addAll(with.images());
                turns.add(new Prompt.Turn(role, last.content() + "\n\n" + text, images));
            } else {
                turns.add(new Prompt.Turn(role, text, with.images()));
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
