/** REST resources, server-sent events and long polling, mounted on the host. */
@NullMarked
package dev.parley.adapter.rest;

import org.jspecify.annotations.NullMarked;
