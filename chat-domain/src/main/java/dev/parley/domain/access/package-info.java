/** Who somebody is and what they may do. */
@NullMarked
package dev.parley.domain.access;

import org.jspecify.annotations.NullMarked;
