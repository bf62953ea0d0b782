/** Conversations on the wire, written down once for codecs, hosts, clients and the documentation. */
@NullMarked
package dev.parley.testkit.transcript;

import org.jspecify.annotations.NullMarked;
