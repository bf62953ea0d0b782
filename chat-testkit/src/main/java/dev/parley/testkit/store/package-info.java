/** What every durable store must keep to, and a store in memory that does. */
@NullMarked
package dev.parley.testkit.store;

import org.jspecify.annotations.NullMarked;
