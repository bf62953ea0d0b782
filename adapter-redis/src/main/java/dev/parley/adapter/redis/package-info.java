/** What is only true now, shared by several nodes through Redis: hints, presence, stream logs, limits, leases, connections. */
@NullMarked
package dev.parley.adapter.redis;

import org.jspecify.annotations.NullMarked;
