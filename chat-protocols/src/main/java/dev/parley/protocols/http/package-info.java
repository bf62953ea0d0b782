/** What is between a network listener and whoever answers HTTP requests, so that neither needs to know the other. */
@NullMarked
package dev.parley.protocols.http;

import org.jspecify.annotations.NullMarked;
