package dev.parley.domain.message;

import dev.parley.domain.access.UserId;

/** Who wrote a message. */
public sealed interface Author {

    /** What others see. */
    String name();

    /** Somebody with a token, a person or a system. */
    record Person(UserId user, String name) implements Author {}

    /** An agent, through a model. */
    record Agent(String id, String name) implements Author {}

    /** Whether {@code user} wrote it. */
    default boolean is(UserId user) {
        return this instanceof Person person && person.user().equals(user);
    }
}
