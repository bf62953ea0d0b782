/** A generator of load, and what is measured with it on servers in processes of their own. */
@NullMarked
package dev.parley.benchmarks.load;

import org.jspecify.annotations.NullMarked;
