/** The whole server, spoken to by real clients and resting on real peers. */
@NullMarked
package dev.parley.integration;

import org.jspecify.annotations.NullMarked;
