/** The model behind the replies: prompts, fragments, agents, catalogue. */
@NullMarked
package dev.parley.domain.llm;

import org.jspecify.annotations.NullMarked;
