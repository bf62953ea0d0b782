/** The numbered facts of a session. */
@NullMarked
package dev.parley.domain.change;

import org.jspecify.annotations.NullMarked;
