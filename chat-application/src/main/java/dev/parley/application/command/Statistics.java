package dev.parley.application.command;

import dev.parley.domain.Page;
import dev.parley.domain.live.ConnectionInfo;

/**
 * How busy the server is.
 *
 * @param connections the connections of all nodes
 * @param waiting replies that wait on this node
 * @param running replies that run on this node
 */
public record Statistics(Page<ConnectionInfo> connections, int waiting, int running) {}
