/** The processes that are measured, and the model that is scripted for them. */
@NullMarked
package dev.parley.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
