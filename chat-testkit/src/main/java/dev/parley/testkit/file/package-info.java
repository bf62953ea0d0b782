/** Contracts of what looks into files, and a scanner that does as a test says. */
@NullMarked
package dev.parley.testkit.file;

import org.jspecify.annotations.NullMarked;
