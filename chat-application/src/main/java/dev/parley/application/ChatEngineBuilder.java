package dev.parley.application;

import dev.parley.application.live.Tolerance;
import dev.parley.domain.llm.Agent;
import java.util.List;

/** Builds an engine over ports of the caller's choice: the door for those who bring their own. */
public final class ChatEngineBuilder {

    private final Ports ports;
    private EngineSettings settings = EngineSettings.DEFAULT;
    private List<Agent> agents = List.of();
    private boolean alone;

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

    /**
     * No other engine works on the same stores: replies that are unfinished now were left by a process that is dead, and are ended
     * at once. Without this they are ended when their owner has given no sign of life for long enough.
     */
    public ChatEngineBuilder alone() {
        this.alone = true;
        return this;
    }

    /** Starts an engine. */
    public ChatEngine build() {
        return new ConversationEngine(Tolerance.over(ports), settings, agents, alone).started();
    }
}
