package dev.parley.application;

import dev.parley.domain.access.Principal;
import dev.parley.domain.content.Filtering;
import dev.parley.domain.session.ClientInfo;

/**
 * Who asks, and through what.
 *
 * @param protocol the wire language: {@code chat}, {@code rest} … for logs and metrics
 * @param filtering what becomes of words that offend in what they write, where the settings do not say
 */
public record Caller(Principal principal, ClientInfo client, String protocol, Filtering filtering) {

    /** Whose words stay as they are, where the settings do not say. */
    public Caller(Principal principal, ClientInfo client, String protocol) {
        this(principal, client, protocol, Filtering.OFF);
    }

    /** The same with another token. */
    public Caller as(Principal other) {
        return new Caller(other, client, protocol, filtering);
    }
}
