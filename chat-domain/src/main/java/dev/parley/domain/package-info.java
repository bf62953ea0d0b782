/** The nouns, rules and ports of a conversation; knows no framework, no wire and no clock. */
@NullMarked
package dev.parley.domain;

import org.jspecify.annotations.NullMarked;
