package dev.parley.domain.message;

/** The part a message plays in a conversation with a model. */
public enum Role {
    USER,
    ASSISTANT,
    SYSTEM
}
