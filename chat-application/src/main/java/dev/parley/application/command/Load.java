package dev.parley.application.command;

import dev.parley.domain.live.NodeId;
import dev.parley.domain.telemetry.Pulse;

/**
 * How much one node does.
 *
 * @param waiting replies that wait now
 * @param running replies that run now
 * @param words pieces of text that models said since the node started, a token each with most of them
 * @param pulse what was counted beside
 */
public record Load(NodeId node, int waiting, int running, long words, Pulse pulse) {}
