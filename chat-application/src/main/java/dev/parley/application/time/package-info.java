/** What the engine does again and again. */
@NullMarked
package dev.parley.application.time;

import org.jspecify.annotations.NullMarked;
