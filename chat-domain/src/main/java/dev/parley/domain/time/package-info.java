/** Time as a port. */
@NullMarked
package dev.parley.domain.time;

import org.jspecify.annotations.NullMarked;
