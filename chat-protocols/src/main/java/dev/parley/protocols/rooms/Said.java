package dev.parley.protocols.rooms;

import dev.parley.application.command.Ask;
import dev.parley.domain.session.SessionId;
import java.util.Optional;

/**
 * What a chat frame says.
 *
 * @param ownId what the client calls it
 * @param place where it is said; a conversation of its own where there is none
 * @param room whether the place was called a room
 */
record Said(String text, Optional<String> ownId, Optional<SessionId> place, boolean room, Ask ask) {}
