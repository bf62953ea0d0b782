/** Who is let in: what all hosts ask before a connection or a request becomes one. */
@NullMarked
package dev.parley.protocols.admission;

import org.jspecify.annotations.NullMarked;
