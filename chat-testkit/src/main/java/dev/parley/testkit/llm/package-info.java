/** Contracts of the model ports, and models that do as a test says. */
@NullMarked
package dev.parley.testkit.llm;

import org.jspecify.annotations.NullMarked;
