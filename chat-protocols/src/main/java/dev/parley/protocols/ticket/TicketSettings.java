package dev.parley.protocols.ticket;

/**
 * What the protocol knows of the server.
 *
 * @param modelServer whether the settings name a model's server; false only where they say that there is none
 */
public record TicketSettings(boolean modelServer) {

    public static final TicketSettings DEFAULT = new TicketSettings(true);
}
