/** The durable ports. */
@NullMarked
package dev.parley.domain.store;

import org.jspecify.annotations.NullMarked;
