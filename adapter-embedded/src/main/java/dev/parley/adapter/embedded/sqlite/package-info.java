/** The durable ports on one SQLite file. */
@NullMarked
package dev.parley.adapter.embedded.sqlite;

import org.jspecify.annotations.NullMarked;
