package dev.parley.application.reply;

import dev.parley.domain.llm.Agent;

/**
 * Who answers, through what.
 *
 * @param fallback whether another model was asked for
 */
record Choice(Agent agent, String model, boolean fallback) {}
