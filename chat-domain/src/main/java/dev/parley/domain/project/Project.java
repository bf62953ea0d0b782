package dev.parley.domain.project;

/**
 * What a model should know about the project of a session.
 *
 * @param data told to the model as it stands, before the history
 */
public record Project(ProjectId id, String name, String data) {}
