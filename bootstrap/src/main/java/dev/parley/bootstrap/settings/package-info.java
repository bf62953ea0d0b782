/** What can be set: one table, its sources, the records that are made of it, and everything that is wrong with it. */
@NullMarked
package dev.parley.bootstrap.settings;

import org.jspecify.annotations.NullMarked;
