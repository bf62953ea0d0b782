/** What a file is, told by its content: types by Apache Tika, archives by Apache Commons Compress. */
@NullMarked
package dev.parley.adapter.tika;

import org.jspecify.annotations.NullMarked;
