/** The ports of what is only true now: hints, presence, leases, connections. */
@NullMarked
package dev.parley.domain.live;

import org.jspecify.annotations.NullMarked;
