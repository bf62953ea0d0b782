/** Verification of signed JSON web tokens. */
@NullMarked
package dev.parley.adapter.jwt;

import org.jspecify.annotations.NullMarked;
