/** Reads settings, wires every part by hand and owns their lifecycle. */
@NullMarked
package dev.parley.bootstrap;

import org.jspecify.annotations.NullMarked;
