/** Who listens to which session on this node, and what they are told. */
@NullMarked
package dev.parley.application.hub;

import org.jspecify.annotations.NullMarked;
