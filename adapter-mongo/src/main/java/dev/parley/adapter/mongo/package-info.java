/** The durable ports on MongoDB, without transactions across documents. */
@NullMarked
package dev.parley.adapter.mongo;

import org.jspecify.annotations.NullMarked;
