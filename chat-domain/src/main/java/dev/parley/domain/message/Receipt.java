package dev.parley.domain.message;

/** How far a message has come with a member. */
public enum Receipt {
    DELIVERED,
    READ
}
