/** One handler for each command. */
@NullMarked
package dev.parley.application.handle;

import org.jspecify.annotations.NullMarked;
