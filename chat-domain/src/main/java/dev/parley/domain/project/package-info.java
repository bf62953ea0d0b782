/** What a conversation is about, as far as somebody outside knows. */
@NullMarked
package dev.parley.domain.project;

import org.jspecify.annotations.NullMarked;
