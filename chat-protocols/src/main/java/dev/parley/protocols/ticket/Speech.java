package dev.parley.protocols.ticket;

import dev.parley.domain.session.SessionSettings;
import dev.parley.protocols.Handshake;
import dev.parley.protocols.json.Texts;
import java.util.List;
import java.util.Optional;

/**
 * The languages in which one client is spoken to. What its document prints is said as printed there unless the client asks for another
 * language in its address; everything else goes by what the client prefers. Used by one thread at a time.
 */
final class Speech {

    private final Handshake handshake;
    private Optional<String> session = Optional.empty();

    Speech(Handshake handshake) {
        this.handshake = handshake;
    }

    /** The session is set like this. */
    void adopt(SessionSettings settings) {
        session = settings.language();
    }

    /** For texts that the document prints. */
    Texts.Language printed() {
        return preferred(handshake.parameter("language").or(() -> session).map(List::of).orElse(List.of()));
    }

    /** For all other texts. */
    Texts.Language usual() {
        return preferred(handshake.parameter("language")
                .or(() -> session)
                .map(List::of)
                .orElse(handshake.languages()));
    }

    private static Texts.Language preferred(List<String> tags) {
        return Texts.Language.preferred(tags, Texts.Language.PORTUGUESE);
    }
}
