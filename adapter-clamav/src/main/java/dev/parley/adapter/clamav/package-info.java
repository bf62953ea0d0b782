/** Virus scanning by a clamd that is reached over TCP. */
@NullMarked
package dev.parley.adapter.clamav;

import org.jspecify.annotations.NullMarked;
