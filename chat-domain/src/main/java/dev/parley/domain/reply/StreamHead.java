package dev.parley.domain.reply;

import dev.parley.domain.message.Author;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.SessionId;

/**
 * What is known of a reply when its run begins.
 *
 * @param question the message it answers
 * @param agent who writes
 * @param model the model that was chosen
 * @param fallback whether another model was asked for and this one stands in
 */
public record StreamHead(
        SessionId session, MessageId reply, MessageId question, Author.Agent agent, String model, boolean fallback) {}
