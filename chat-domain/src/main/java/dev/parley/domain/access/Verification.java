package dev.parley.domain.access;

/** What a token turned out to be. */
public sealed interface Verification {

    /** It is genuine and in force. */
    record Verified(Principal principal) implements Verification {}

    /**
     * It is not to be trusted.
     *
     * @param expired true when nothing is wrong with it but its age
     * @param reason for the log: what was expected and what was found, without the token
     */
    record Refused(boolean expired, String reason) implements Verification {}
}
