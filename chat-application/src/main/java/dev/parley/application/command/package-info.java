/** What can be asked of the engine, and what it answers. */
@NullMarked
package dev.parley.application.command;

import org.jspecify.annotations.NullMarked;
