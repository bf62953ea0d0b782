package dev.parley.adapter.websocket;

import dev.parley.protocols.Protocol;
import dev.parley.protocols.socketio.EngineSettings;

/** A protocol that is spoken over Engine.IO at the path of its settings. */
record EngineMount(EngineSettings settings, Protocol protocol) {}
