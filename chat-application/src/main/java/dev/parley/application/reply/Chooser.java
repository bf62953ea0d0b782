package dev.parley.application.reply;

import dev.parley.application.EngineSettings;
import dev.parley.application.Roster;
import dev.parley.application.command.Ask;
import dev.parley.domain.error.LlmException;
import dev.parley.domain.llm.Agent;
import dev.parley.domain.llm.Fragment;
import dev.parley.domain.llm.LlmStreamer;
import dev.parley.domain.llm.Model;
import dev.parley.domain.llm.ModelCatalog;
import dev.parley.domain.llm.ModelOptions;
import dev.parley.domain.llm.Prompt;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.Role;
import dev.parley.domain.session.Session;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Chooses who answers, and through which model. */
final class Chooser {

    private static final System.Logger LOG = System.getLogger(Chooser.class.getName());

    private final Roster roster;
    private final EngineSettings settings;
    private final ModelCatalog models;
    private final LlmStreamer llm;

    Chooser(Roster roster, EngineSettings settings, ModelCatalog models, LlmStreamer llm) {
        this.roster = roster;
        this.settings = settings;
        this.models = models;
        this.llm = llm;
    }

    /** @throws LlmException when no model can be asked, or the one asked for is not there and none may stand in */
    Choice choose(Session session, Message question, Ask ask) throws InterruptedException {
        List<Model> there = models.models();
        if (there.isEmpty()) {
            throw new LlmException(LlmException.Kind.UNAVAILABLE, "Expected a model to ask, found none installed");
        }
        Agent agent = agent(question, ask, there);
        Optional<String> wanted = ask.model().or(session.settings()::model);
        if (wanted.isPresent()) {
            Optional<String> found = installed(there, wanted.get());
            if (found.isPresent()) {
                return new Choice(agent, found.get(), false);
            }
            if (!settings.modelFallback()) {
                throw new LlmException(
                        LlmException.Kind.NOT_FOUND, "Expected a model that is installed, found none called as asked");
            }
        }
        return new Choice(agent, standard(agent, there), wanted.isPresent());
    }

    private String standard(Agent agent, List<Model> there) {
        return agent.model()
                .flatMap(name -> installed(there, name))
                .or(() -> settings.defaultModel().flatMap(name -> installed(there, name)))
                .orElseGet(() -> there.getFirst().name());
    }

    private static Optional<String> installed(List<Model> there, String name) {
        String tagged = name.contains(":") ? name : name + ":latest";
        return there.stream()
                .map(Model::name)
                .filter(model -> model.equals(name) || model.equals(tagged))
                .findFirst();
    }

    private Agent agent(Message question, Ask ask, List<Model> there) throws InterruptedException {
        if (ask.agent().isPresent()) {
            return roster.find(ask.agent().get()).orElseGet(roster::standard);
        }
        return switch (settings.router()) {
            case STANDARD -> roster.standard();
            case KEYWORDS -> byKeywords(question);
            case MODEL -> byModel(question, there);
        };
    }

    private Agent byKeywords(Message question) {
        String text = question.content().toLowerCase(Locale.ROOT);
        for (Agent agent : roster.all()) {
            for (String keyword : agent.keywords()) {
                if (text.contains(keyword.toLowerCase(Locale.ROOT))) {
                    return agent;
                }
            }
        }
        return roster.standard();
    }

    /** Asks the model for an id; whatever else it says means the default agent. */
    private Agent byModel(Message question, List<Model> there) throws InterruptedException {
        List<Agent> agents = roster.all();
        if (agents.size() < 2) {
            return roster.standard();
        }
        String ids = agents.stream()
                .map(agent -> agent.id() + " (" + agent.name() + ": " + String.join(", ", agent.keywords()) + ")")
                .collect(Collectors.joining("; "));
        StringBuilder answer = new StringBuilder();
        ModelOptions options =
                new ModelOptions(Optional.of(0.0), Optional.of(16), Optional.empty(), Map.of());
        Prompt prompt = new Prompt(
                standard(roster.standard(), there),
                List.of(
                        new Prompt.Turn(
                                Role.SYSTEM,
                                "Answer with the id of who should answer the user, and nothing else. " + ids),
                        new Prompt.Turn(Role.USER, question.content())),
                options);
        try {
            llm.stream(prompt, fragment -> {
                if (fragment instanceof Fragment.Text text) {
                    answer.append(text.text());
                }
            });
        } catch (LlmException undecided) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "session={0} no agent could be chosen, kind={1}",
                    question.session(),
                    undecided.kind());
            return roster.standard();
        }
        String said = answer.toString().strip();
        return roster.find(said).orElseGet(roster::standard);
    }
}
