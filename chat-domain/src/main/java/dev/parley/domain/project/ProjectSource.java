package dev.parley.domain.project;

import dev.parley.domain.Port;
import java.util.Optional;

/** Knows projects. Safe for use by many threads; may block. */
@Port
public interface ProjectSource {

    Optional<Project> find(ProjectId id);
}
