package dev.parley.protocols.json;

import dev.parley.domain.session.SessionSettings;
import dev.parley.protocols.Handshake;
import java.util.List;
import java.util.Optional;

/**
 * The languages in which one client is spoken to: what its address says goes before what its session is set to, and that before what
 * its browser prefers. Used by one thread at a time.
 */
public final class Speech {

    private final Handshake handshake;
    private final Texts.Language own;
    private Optional<String> session = Optional.empty();

    /** @param own the language of the document that the client was written after */
    public Speech(Handshake handshake, Texts.Language own) {
        this.handshake = handshake;
        this.own = own;
    }

    /** The session is set like this now. */
    public void adopt(SessionSettings settings) {
        session = settings.language();
    }

    /** For texts that the document prints: as it prints them, whatever a browser prefers, unless somebody asks for another language. */
    public Texts.Language printed() {
        return Texts.Language.preferred(asked().map(List::of).orElse(List.of()), own);
    }

    /** For all other texts. */
    public Texts.Language usual() {
        return Texts.Language.preferred(asked().map(List::of).orElse(handshake.languages()), own);
    }

    private Optional<String> asked() {
        return handshake.parameter("language").or(() -> session);
    }
}
