package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.session.Session;

/**
 * A session as the database knows it.
 *
 * @param n its number inside
 * @param messages how many messages are in it, deleted ones too
 */
record Known(long n, Session session, long messages) {}
