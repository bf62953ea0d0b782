/** Sessions with several connections, and topics that other systems publish to. */
@NullMarked
package dev.parley.protocols.topics;

import org.jspecify.annotations.NullMarked;
