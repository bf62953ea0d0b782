package dev.parley.protocols.chat;

import dev.parley.domain.access.Principal;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.project.ProjectId;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.SessionSettings;
import dev.parley.protocols.Handshake;
import dev.parley.protocols.json.Speech;
import dev.parley.protocols.json.Texts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one connection knows of its session and of what its client was told. Used by one thread at a time. */
final class ChatState {

    /** A reply that was asked for while this connection followed. */
    record Started(long position, List<MessageId> versions) {}

    final Handshake handshake;
    private SessionId session;
    final OwnChanges own = new OwnChanges();

    // Both are made when something is to be put there: most connections are idle.
    private Map<MessageId, Boolean> streamed = Map.of();
    private Map<MessageId, Started> started = Map.of();
    private Principal principal;
    private SessionSettings settings = SessionSettings.DEFAULT;
    private Optional<ProjectId> project = Optional.empty();
    private final Speech speech;
    private long told;
    private boolean leaving;

    ChatState(Handshake handshake, SessionId session) {
        this.handshake = handshake;
        this.session = session;
        this.principal = handshake.principal();
        this.speech = new Speech(handshake, Texts.Language.ENGLISH);
    }

    SessionId session() {
        return session;
    }

    /** Whether this is the connection's session. From then on it is the same object for all connections: that is compared at a glance. */
    boolean isOf(SessionId other) {
        boolean same = other.equals(session);
        session = same ? other : session;
        return same;
    }

    Principal principal() {
        return principal;
    }

    void refreshed(Principal newer) {
        principal = newer;
    }

    /** Whether the client was told that this is the end. */
    boolean leaving() {
        return leaving;
    }

    void leave() {
        leaving = true;
    }

    Texts.Language language() {
        return speech.usual();
    }

    Optional<ProjectId> project() {
        return project;
    }

    /** The session is like this now. */
    void adopt(Session now) {
        settings = now.settings();
        project = now.project();
        speech.adopt(settings);
    }

    /** The newest position that the client was told, or that holds nothing to tell it. */
    long told() {
        return told;
    }

    void told(long position) {
        told = Math.max(told, position);
        own.forget(told);
    }

    /** The client said how it wants a reply. */
    void stream(MessageId reply, boolean wanted) {
        streamed = some(streamed);
        streamed.put(reply, wanted);
    }

    /** Whether the client sees the reply grow; stays as it was when the reply began. */
    boolean streams(MessageId reply) {
        streamed = some(streamed);
        return streamed.computeIfAbsent(reply, ignored -> settings.streamResponses());
    }

    void started(MessageId reply, Started how) {
        started = some(started);
        started.put(reply, how);
    }

    private static <V> Map<MessageId, V> some(Map<MessageId, V> map) {
        return map instanceof HashMap ? map : new HashMap<>(4);
    }

    Optional<Started> started(MessageId reply) {
        return Optional.ofNullable(started.get(reply));
    }

    /** The reply has ended; answers whether the client saw it grow. */
    boolean ended(MessageId reply) {
        boolean grew = streams(reply);
        streamed.remove(reply);
        if (!started.isEmpty()) {
            started.remove(reply);
        }
        return grew;
    }
}
