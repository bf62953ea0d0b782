package dev.parley.protocols.rooms;

import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.Handshake;
import dev.parley.protocols.json.Speech;
import dev.parley.protocols.json.Texts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What one connection knows of the places it is in and of what its client asked. Used by one thread at a time. */
final class RoomsState {

    /** So many places a connection may be in; the conversation that was quiet for longest makes room for another. */
    static final int MAX_PLACES = 256;

    private static final int MAX_ASKED = 256;

    /** A question of this client, and where its answer is. {@code reply} what answers it */
    record Asked(SessionId session, MessageId question, Optional<MessageId> reply) {}

    /** A change of members that this client was answered about. {@code upTo} where the session stood then */
    private record Membership(SessionId session, UserId user, boolean joined, long upTo) {}

    final Handshake handshake;

    private final Map<SessionId, Place> places = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, Asked> asked = new LinkedHashMap<>();
    private final Map<MessageId, SessionId> running = new LinkedHashMap<>();
    private final Set<MessageId> own = new HashSet<>();
    private final Set<AttachmentId> files = new HashSet<>();
    private final List<Membership> memberships = new ArrayList<>();
    private final Texts.Language language;
    private Instant now = Instant.EPOCH;
    private boolean leaving;

    RoomsState(Handshake handshake) {
        this.handshake = handshake;
        this.language = new Speech(handshake, Texts.Language.ENGLISH).usual();
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

    boolean in(SessionId session) {
        return places.containsKey(session);
    }

    /** The only place there is. */
    Optional<SessionId> only() {
        return places.size() == 1 ? Optional.of(places.keySet().iterator().next()) : Optional.empty();
    }

    void enter(Session session, boolean room) {
        places.put(session.id(), new Place(session, room));
    }

    void exit(SessionId session) {
        places.remove(session);
        running.values().removeIf(session::equals);
        memberships.removeIf(change -> change.session().equals(session));
    }

    boolean full() {
        return places.size() >= MAX_PLACES;
    }

    /** The conversation that was quiet for longest. */
    Optional<SessionId> quietest() {
        for (Map.Entry<SessionId, Place> each : places.entrySet()) {
            if (!each.getValue().room() && !running.containsValue(each.getKey())) {
                return Optional.of(each.getKey());
            }
        }
        return Optional.empty();
    }

    /** The client said this and was answered: it is not told to it as news. */
    void said(MessageId message) {
        own.add(message);
    }

    /** Whether the client said it on this connection; asked once. */
    boolean saidHere(MessageId message) {
        return own.remove(message);
    }

    void asked(String ownId, Asked question) {
        asked.remove(ownId);
        asked.put(ownId, question);
        if (asked.size() > MAX_ASKED) {
            Iterator<String> oldest = asked.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** The question that the client calls so. */
    Optional<Asked> asked(String ownId) {
        return Optional.ofNullable(asked.get(ownId));
    }

    /** Questions of this client whose answers are not known to have ended. */
    List<Asked> unanswered() {
        return asked.values()
                .stream()
                .filter(question -> question.reply().filter(running::containsKey).isPresent())
                .toList();
    }

    void runs(MessageId reply, SessionId session) {
        running.put(reply, session);
    }

    Optional<SessionId> runsIn(MessageId reply) {
        return Optional.ofNullable(running.get(reply));
    }

    void ended(MessageId reply) {
        running.remove(reply);
    }

    /** The client brought this file here and was answered: it is not told to it as news. */
    void brought(AttachmentId file) {
        files.add(file);
    }

    /** Whether the file came on this connection; asked once. */
    boolean broughtHere(AttachmentId file) {
        return files.remove(file);
    }

    /** The client changed the members and was answered: it is not told to it as news. */
    void changed(Session session, UserId user, boolean joined) {
        memberships.add(new Membership(session.id(), user, joined, session.position()));
    }

    /** Whether this client made the change at {@code position}. */
    boolean changedHere(SessionId session, UserId user, boolean joined, long position) {
        boolean own = memberships.stream()
                .anyMatch(change -> change.session().equals(session)
                        && change.user().equals(user)
                        && change.joined() == joined
                        && position <= change.upTo());
        memberships.removeIf(change -> change.session().equals(session) && change.upTo() <= position);
        return own;
    }
}
