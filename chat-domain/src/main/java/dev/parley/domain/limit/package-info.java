/** Rate limits as decisions. */
@NullMarked
package dev.parley.domain.limit;

import org.jspecify.annotations.NullMarked;
