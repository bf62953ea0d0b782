/** Ports that need nothing installed: one SQLite file, a folder of uploads and in-process live state. */
@NullMarked
package dev.parley.adapter.embedded;

import org.jspecify.annotations.NullMarked;
