package dev.parley.adapter.embedded.system;

import dev.parley.domain.project.Project;
import dev.parley.domain.project.ProjectId;
import dev.parley.domain.project.ProjectSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The projects that the settings name. */
public final class SettingsProjects implements ProjectSource {

    private final Map<ProjectId, Project> projects;

    private SettingsProjects(Map<ProjectId, Project> projects) {
        this.projects = projects;
    }

    /** @throws IllegalArgumentException when two have the same id */
    public static SettingsProjects of(Collection<Project> projects) {
        Map<ProjectId, Project> byId = new HashMap<>();
        for (Project project : projects) {
            if (byId.put(project.id(), project) != null) {
                throw new IllegalArgumentException("Expected each project once, found two called " + project.id());
            }
        }
        return new SettingsProjects(Map.copyOf(byId));
    }

    @Override
    public Optional<Project> find(ProjectId id) {
        return Optional.ofNullable(projects.get(id));
    }
}
