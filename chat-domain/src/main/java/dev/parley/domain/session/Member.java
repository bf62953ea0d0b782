package dev.parley.domain.session;

import dev.parley.domain.access.UserId;
import java.time.Instant;

/** Somebody who belongs to a session; the owner is one too. */
public record Member(UserId user, String name, Instant joinedAt) {}
