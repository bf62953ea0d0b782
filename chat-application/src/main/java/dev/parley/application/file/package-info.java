/** What becomes of files that nobody needs any more. */
@NullMarked
package dev.parley.application.file;

import org.jspecify.annotations.NullMarked;
