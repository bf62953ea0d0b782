/** The chat gateway: several sessions on one connection of Socket.IO. */
@NullMarked
package dev.parley.protocols.gateway;

import org.jspecify.annotations.NullMarked;
