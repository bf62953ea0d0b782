/** What clients are told when something is refused, and what fails when the world breaks. */
@NullMarked
package dev.parley.domain.error;

import org.jspecify.annotations.NullMarked;
