/** Two engines over the same stores: what one does is true on the other, also when one of them dies. */
@NullMarked
package dev.parley.integration.nodes;

import org.jspecify.annotations.NullMarked;
