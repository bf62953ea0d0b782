/** What token ports keep to. */
@NullMarked
package dev.parley.testkit.access;

import org.jspecify.annotations.NullMarked;
