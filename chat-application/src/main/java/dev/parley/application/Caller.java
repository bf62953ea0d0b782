package dev.parley.application;

import dev.parley.domain.access.Principal;
import dev.parley.domain.session.ClientInfo;

/**
 * Who asks, and through what.
 *
 * @param protocol the wire language: {@code chat}, {@code rest} … for logs and metrics
 */
public record Caller(Principal principal, ClientInfo client, String protocol) {}
