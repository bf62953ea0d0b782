/** Telemetry kept as Micrometer meters. */
@NullMarked
package dev.parley.adapter.micrometer;

import org.jspecify.annotations.NullMarked;
