package dev.parley.protocols.gateway;

import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.Handshake;
import dev.parley.protocols.json.Speech;
import dev.parley.protocols.json.Texts;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one client's gateway knows: who it is, where it is, and which replies run there. Used by one thread at a time. */
final class GatewayState {

    /** So many sessions one connection may be in. */
    static final int MAX_PLACES = 100;

    /** So many running replies are known by name; others are looked for when they are to be stopped. */
    private static final int MAX_RUNNING = 1000;

    private final Map<SessionId, Place> places = new LinkedHashMap<>();
    private final Map<MessageId, SessionId> running = new LinkedHashMap<>();
    private Handshake handshake;
    private Texts.Language language;
    private Instant now = Instant.EPOCH;
    private boolean leaving;

    /** @param stranger what is known of the client before it says who it is */
    GatewayState(Handshake stranger) {
        this.handshake = stranger;
        this.language = new Speech(stranger, Texts.Language.ENGLISH).usual();
    }

    /** The client is known now. */
    void know(Handshake known) {
        handshake = known;
        language = new Speech(known, Texts.Language.ENGLISH).usual();
    }

    Handshake handshake() {
        return handshake;
    }

    Principal principal() {
        return handshake.principal();
    }

    boolean mine(UserId user) {
        return principal().user().equals(user);
    }

    Texts.Language language() {
        return language;
    }

    void speak(Texts.Language wanted) {
        language = wanted;
    }

    /** The time of what is being handled. */
    Instant now() {
        return now;
    }

    void now(Instant time) {
        now = time;
    }

    /** Whether the client was told that this is the end. */
    boolean leaving() {
        return leaving;
    }

    void leave() {
        leaving = true;
    }

    Optional<Place> place(SessionId session) {
        return Optional.ofNullable(places.get(session));
    }

    List<SessionId> sessions() {
        return List.copyOf(places.keySet());
    }

    boolean full() {
        return places.size() >= MAX_PLACES;
    }

    void enter(Place place) {
        places.put(place.session(), place);
    }

    void exit(SessionId session) {
        places.remove(session);
        running.values().removeIf(session::equals);
    }

    /** Of a session that the client is not in nothing tells when the reply has ended: so the oldest are forgotten. */
    void runs(MessageId reply, SessionId session) {
        running.put(reply, session);
        if (running.size() > MAX_RUNNING) {
            running.remove(running.keySet().iterator().next());
        }
    }

    Optional<SessionId> runsIn(MessageId reply) {
        return Optional.ofNullable(running.get(reply));
    }

    void ended(MessageId reply) {
        running.remove(reply);
    }
}
