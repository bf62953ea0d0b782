/** What is only true now, kept in this process: stream logs, hints, presence, limits, leases, connections. */
@NullMarked
package dev.parley.adapter.embedded.memory;

import org.jspecify.annotations.NullMarked;
