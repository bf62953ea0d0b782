/** The network host: one listener for WebSocket connections and plain HTTP. */
@NullMarked
package dev.parley.adapter.websocket;

import org.jspecify.annotations.NullMarked;
