/** What every filter of content keeps to. */
@NullMarked
package dev.parley.testkit.content;

import org.jspecify.annotations.NullMarked;
