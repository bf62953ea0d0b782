/** Clients and networks that keep to no rule but the test's. */
@NullMarked
package dev.parley.testkit.wire;

import org.jspecify.annotations.NullMarked;
