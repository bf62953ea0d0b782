package dev.parley.adapter.embedded.system;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.domain.project.Project;
import dev.parley.domain.project.ProjectId;
import dev.parley.domain.project.ProjectSource;
import dev.parley.testkit.project.ProjectSourceContract;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SettingsProjectsTest extends ProjectSourceContract {

    @Override
    protected ProjectSource knowing(List<Project> projects) {
        return SettingsProjects.of(projects);
    }

    @Test
    void a_project_named_twice_is_refused() {
        Project one = new Project(new ProjectId("p"), "One", "");
        assertThatThrownBy(() -> SettingsProjects.of(List.of(one, one)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("p");
    }
}
