/** The model port over the HTTP interface of Ollama. */
@NullMarked
package dev.parley.adapter.ollama;

import org.jspecify.annotations.NullMarked;
