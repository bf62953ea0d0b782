/** The server's own timers, identifiers and projects. */
@NullMarked
package dev.parley.adapter.embedded.system;

import org.jspecify.annotations.NullMarked;
