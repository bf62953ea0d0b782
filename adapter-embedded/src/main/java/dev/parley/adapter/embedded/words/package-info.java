/** A filter of content by lists of words. */
@NullMarked
package dev.parley.adapter.embedded.words;

import org.jspecify.annotations.NullMarked;
