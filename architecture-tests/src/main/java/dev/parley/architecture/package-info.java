/** Rules that hold over all modules, each proved by a fixture that breaks it. */
@NullMarked
package dev.parley.architecture;

import org.jspecify.annotations.NullMarked;
