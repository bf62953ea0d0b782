/** The bytes of uploads in folders of the machine's own disk. */
@NullMarked
package dev.parley.adapter.embedded.files;

import org.jspecify.annotations.NullMarked;
