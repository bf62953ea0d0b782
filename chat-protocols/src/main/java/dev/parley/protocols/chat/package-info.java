/** The native chat protocol. */
@NullMarked
package dev.parley.protocols.chat;

import org.jspecify.annotations.NullMarked;
