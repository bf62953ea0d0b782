/** One answer of a model: its record, its end, and the log through which it is seen while it grows. */
@NullMarked
package dev.parley.domain.reply;

import org.jspecify.annotations.NullMarked;
