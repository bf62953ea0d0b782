/** Rooms and conversations, several on one connection. */
@NullMarked
package dev.parley.protocols.rooms;

import org.jspecify.annotations.NullMarked;
