/** Named feeds of what other systems publish, and who is told of them. */
@NullMarked
package dev.parley.domain.topic;

import org.jspecify.annotations.NullMarked;
