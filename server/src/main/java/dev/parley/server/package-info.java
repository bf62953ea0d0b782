/** The command line and the runnable server. */
@NullMarked
package dev.parley.server;

import org.jspecify.annotations.NullMarked;
