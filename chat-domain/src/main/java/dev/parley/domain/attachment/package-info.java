/** Files in conversations: what is known of them, how they come in piece by piece, what is let in. */
@NullMarked
package dev.parley.domain.attachment;

import org.jspecify.annotations.NullMarked;
