/** The durable conversation: its people, its settings, its visibility. */
@NullMarked
package dev.parley.domain.session;

import org.jspecify.annotations.NullMarked;
