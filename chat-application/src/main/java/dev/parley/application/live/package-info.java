/** What is only true now and kept with a broker: what goes on without it while it is away. */
@NullMarked
package dev.parley.application.live;

import org.jspecify.annotations.NullMarked;
