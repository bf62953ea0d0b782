/** What people and models may say: words that offend. */
@NullMarked
package dev.parley.domain.content;

import org.jspecify.annotations.NullMarked;
