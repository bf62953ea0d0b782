/** The model that is there when no other is. */
@NullMarked
package dev.parley.adapter.embedded.demo;

import org.jspecify.annotations.NullMarked;
