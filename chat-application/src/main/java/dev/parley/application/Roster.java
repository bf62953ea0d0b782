package dev.parley.application;

import dev.parley.domain.llm.Agent;
import dev.parley.domain.llm.ModelOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The agents there are; always one that answers when none is named. */
public final class Roster {

    private final Map<String, Agent> agents = new LinkedHashMap<>();
    private final Agent standard;

    /** @param agents ids must differ; without one called {@value Agent#DEFAULT_ID}, one that says nothing of itself is added */
    public Roster(List<Agent> agents) {
        for (Agent agent : agents) {
            if (this.agents.put(agent.id(), agent) != null) {
                throw new IllegalArgumentException("Expected agents with different ids, found two called " + agent.id());
            }
        }
        this.standard = this.agents.computeIfAbsent(
                Agent.DEFAULT_ID,
                id -> new Agent(id, "Assistant", Optional.empty(), "", ModelOptions.DEFAULT, List.of()));
    }

    public Optional<Agent> find(String id) {
        return Optional.ofNullable(agents.get(id));
    }

    public Agent standard() {
        return standard;
    }

    public List<Agent> all() {
        return new ArrayList<>(agents.values());
    }
}
