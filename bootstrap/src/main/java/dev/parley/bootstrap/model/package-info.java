/** Which model answers when nobody said where models are, or said that there are none. */
@NullMarked
package dev.parley.bootstrap.model;

import org.jspecify.annotations.NullMarked;
