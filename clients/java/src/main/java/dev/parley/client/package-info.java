/** A client of Parley servers: streaming replies, exact resume, offline queue, fallback transports. Nothing but the JDK. */
@NullMarked
package dev.parley.client;

import org.jspecify.annotations.NullMarked;
