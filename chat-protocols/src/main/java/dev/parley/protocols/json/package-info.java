/** JSON on the wire: bounded reading of what strangers send, quick writing, and how messages and sessions look in it. */
@NullMarked
package dev.parley.protocols.json;

import org.jspecify.annotations.NullMarked;
