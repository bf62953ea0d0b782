/** What people and agents wrote, and what others did with it. */
@NullMarked
package dev.parley.domain.message;

import org.jspecify.annotations.NullMarked;
