/** Everything wired by hand, and the door for those who want it all in one call. */
@NullMarked
package dev.parley.bootstrap;

import org.jspecify.annotations.NullMarked;
