/** What the engine and its protocols cost, always measured beside a baseline in the same run. */
@NullMarked
package dev.parley.benchmarks;

import org.jspecify.annotations.NullMarked;
