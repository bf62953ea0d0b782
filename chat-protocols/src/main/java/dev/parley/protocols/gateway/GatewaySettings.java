package dev.parley.protocols.gateway;

import dev.parley.domain.session.Visibility;

/**
 * What the gateway tells its clients about the server.
 *
 * @param visibility what a session becomes that is made by joining it
 * @param maxMessageLength in characters
 * @param recoverable so many changes of a session may somebody have missed who goes on by itself after a cut; who missed more joins
 *     anew
 */
public record GatewaySettings(Visibility visibility, int maxMessageLength, int recoverable) {

    public static final GatewaySettings DEFAULT = new GatewaySettings(Visibility.SHARED, 5000, 1000);
}
