/** What every host shares: the outbound mailbox and the life of a connection. */
@NullMarked
package dev.parley.protocols.connection;

import org.jspecify.annotations.NullMarked;
