package dev.parley.application.command;

import dev.parley.domain.llm.Agent;
import java.util.List;

/** Who can be asked. {@code standard} the id of the one that answers when none is named */
public record Agents(List<Agent> agents, String standard) {

    public Agents {
        agents = List.copyOf(agents);
    }
}
