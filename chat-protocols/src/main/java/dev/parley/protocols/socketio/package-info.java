/**
 * Engine.IO v4 and Socket.IO v5 without I/O.
 *
 * <p>Below, an {@link dev.parley.protocols.socketio.EngineSession} carries one connection over polls, a WebSocket, or first the one
 * and then the other. Above, {@link dev.parley.protocols.socketio.SocketIoProtocol} is a wire language like any other, made of
 * {@link dev.parley.protocols.socketio.Namespace}s. What goes between them is a {@link dev.parley.protocols.Frame} for each packet
 * of Engine.IO, as it stands on a WebSocket; so what is made for a room is the same for all who are in it, however they came.
 *
 * <p>An application is a {@link dev.parley.protocols.socketio.Namespace}: it makes one
 * {@link dev.parley.protocols.socketio.NamespaceSession} for each client, which answers what happens there with steps.
 */
@NullMarked
package dev.parley.protocols.socketio;

import org.jspecify.annotations.NullMarked;
