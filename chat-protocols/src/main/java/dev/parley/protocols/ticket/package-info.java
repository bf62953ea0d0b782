/** The ticket assistant's protocol: one ticket on one connection, one answer for all who open it. */
@NullMarked
package dev.parley.protocols.ticket;

import org.jspecify.annotations.NullMarked;
