/** Turns, their queue, and the runs that make replies. */
@NullMarked
package dev.parley.application.reply;

import org.jspecify.annotations.NullMarked;
