/** What a connection is told without asking. */
@NullMarked
package dev.parley.application.event;

import org.jspecify.annotations.NullMarked;
