/** Time and names under the hand of a test. */
@NullMarked
package dev.parley.testkit.time;

import org.jspecify.annotations.NullMarked;
