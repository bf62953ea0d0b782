/** What the ports of what is only true now keep to. */
@NullMarked
package dev.parley.testkit.live;

import org.jspecify.annotations.NullMarked;
