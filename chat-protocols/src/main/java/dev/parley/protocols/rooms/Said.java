package dev.parley.protocols.rooms;

import dev.parley.application.command.Ask;
import dev.parley.application.command.Attach;
import dev.parley.domain.session.SessionId;
import java.util.List;
import java.util.Optional;

/**
 * What a chat frame says.
 *
 * @param ownId what the client calls it
 * @param place where it is said; a conversation of its own where there is none
 * @param room whether the place was called a room
 * @param files what goes with it
 */
record Said(
        String text, Optional<String> ownId, Optional<SessionId> place, boolean room, Ask ask, List<Attach> files) {

    Said {
        files = List.copyOf(files);
    }
}
