/** What happens, told to whoever counts it. */
@NullMarked
package dev.parley.domain.telemetry;

import org.jspecify.annotations.NullMarked;
