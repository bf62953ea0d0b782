/** The engine and its two doors: commands for those who ask, links for those who stay. */
@NullMarked
package dev.parley.application;

import org.jspecify.annotations.NullMarked;
