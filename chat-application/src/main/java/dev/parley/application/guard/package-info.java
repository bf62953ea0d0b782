/** Who may, how much, and what content is fit: asked before anything is done. */
@NullMarked
package dev.parley.application.guard;

import org.jspecify.annotations.NullMarked;
