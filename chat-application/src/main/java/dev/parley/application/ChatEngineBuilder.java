package dev.parley.application;

import dev.parley.domain.llm.Agent;
import java.util.List;

/** Builds an engine over ports of the caller's choice: the door for those who bring their own. */
public final class ChatEngineBuilder {

    private final Ports ports;
    private EngineSettings settings = EngineSettings.DEFAULT;
    private List<Agent> agents = List.of();

    private ChatEngineBuilder(Ports ports) {
        this.ports = ports;
    }

    /** @param ports used by the engine and closed by the caller, after the engine */
    public static ChatEngineBuilder over(Ports ports) {
        return new ChatEngineBuilder(ports);
    }

    public ChatEngineBuilder settings(EngineSettings newSettings) {
        this.settings = newSettings;
        return this;
    }

    public ChatEngineBuilder agents(List<Agent> newAgents) {
        this.agents = List.copyOf(newAgents);
        return this;
    }

    /** Starts an engine; it ends replies that a dead process left before it returns. */
    public ChatEngine build() {
        return new ConversationEngine(ports, settings, agents).started();
    }
}
