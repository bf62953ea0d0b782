package dev.parley.application.command;

import dev.parley.domain.Page;
import dev.parley.domain.live.ConnectionInfo;
import dev.parley.domain.telemetry.Standouts;

/**
 * How busy the server is.
 *
 * @param connections the connections of all nodes
 * @param waiting replies that wait on this node
 * @param running replies that run on this node
 * @param standouts who stood out on this node in the last minutes
 */
public record Statistics(Page<ConnectionInfo> connections, int waiting, int running, Standouts standouts) {}
