package dev.parley.protocols.ticket;

import dev.parley.domain.session.TicketId;
import dev.parley.protocols.Handshake;
import dev.parley.protocols.Protocol;
import dev.parley.protocols.ProtocolSession;
import dev.parley.protocols.json.JsonReader;
import dev.parley.protocols.json.Speech;
import dev.parley.protocols.json.Texts;
import java.util.Optional;

/**
 * The ticket assistant's protocol: one ticket on one connection. Its address has an open part {@code ticketId}; the client says what
 * the ticket says and gets its answer, from the model the first time and as it was given then ever after.
 */
public final class TicketProtocol implements Protocol {

    private final TicketFrames frames;
    private final JsonReader reader;

    public TicketProtocol(TicketSettings settings, Texts texts) {
        this(settings, texts, JsonReader.STANDARD);
    }

    public TicketProtocol(TicketSettings settings, Texts texts, JsonReader reader) {
        this.frames = new TicketFrames(settings, texts);
        this.reader = reader;
    }

    @Override
    public String name() {
        return "ticket";
    }

    @Override
    public ProtocolSession open(Handshake handshake) {
        Speech speech = new Speech(handshake, Texts.Language.PORTUGUESE);
        return Optional.ofNullable(handshake.path().get("ticketId"))
                .filter(TicketId::isValid)
                .<ProtocolSession>map(id -> new TicketSession(new TicketId(id), speech, reader, frames))
                .orElseGet(() -> new RefusedTicket(speech, frames));
    }
}
