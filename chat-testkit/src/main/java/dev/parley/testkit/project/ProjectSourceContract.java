package dev.parley.testkit.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.project.Project;
import dev.parley.domain.project.ProjectId;
import dev.parley.domain.project.ProjectSource;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link ProjectSource} keeps to. */
public abstract class ProjectSourceContract {

    private static final Project HARBOUR =
            new Project(new ProjectId("harbour/1 ü"), "Harbour", "Three cranes.\n{\"ships\": [1, 2]}");
    private static final Project TUNNEL = new Project(new ProjectId("tunnel"), "Túnel", "");

    /** A source that knows just these. */
    protected abstract ProjectSource knowing(List<Project> projects);

    @Test
    void a_known_project_is_found_as_it_is() {
        ProjectSource source = knowing(List.of(HARBOUR, TUNNEL));
        assertThat(source.find(HARBOUR.id())).contains(HARBOUR);
        assertThat(source.find(TUNNEL.id())).contains(TUNNEL);
    }

    @Test
    void an_unknown_project_is_not_found() {
        ProjectSource source = knowing(List.of(HARBOUR));
        assertThat(source.find(TUNNEL.id())).isEmpty();
        assertThat(source.find(new ProjectId("HARBOUR/1 ü"))).isEmpty();
        assertThat(knowing(List.of()).find(HARBOUR.id())).isEmpty();
    }
}
