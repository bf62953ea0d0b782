/** Contracts that every implementation of a port must pass, and the doubles needed to test against them. */
@NullMarked
package dev.parley.testkit;

import org.jspecify.annotations.NullMarked;
