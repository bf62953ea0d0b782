/** What every wire language is: a state machine without I/O between frames and commands. */
@NullMarked
package dev.parley.protocols;

import org.jspecify.annotations.NullMarked;
