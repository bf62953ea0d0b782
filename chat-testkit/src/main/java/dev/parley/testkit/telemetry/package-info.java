/** What telemetry keeps to. */
@NullMarked
package dev.parley.testkit.telemetry;

import org.jspecify.annotations.NullMarked;
