/** The one way to write to a session's feed. */
@NullMarked
package dev.parley.application.ledger;

import org.jspecify.annotations.NullMarked;
