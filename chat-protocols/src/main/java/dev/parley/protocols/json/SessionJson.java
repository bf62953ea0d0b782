package dev.parley.protocols.json;

import dev.parley.domain.access.Principal;
import dev.parley.domain.session.Member;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionSettings;
import dev.parley.domain.session.SessionStatus;
import java.util.Locale;

/** How a session looks. */
public final class SessionJson {

    private SessionJson() {}

    /** Whether {@code viewer} is shown what is known of the session's client. */
    public static boolean privileged(Principal viewer, Session session) {
        return viewer.admin() || session.ownedBy(viewer.user());
    }

    /** {@code privileged} whether what is known of its client is shown */
    public static JsonWriter write(JsonWriter to, Session session, SessionStatus status, boolean privileged) {
        to.begin();
        to.field("session_id", session.id().value()).field("id", session.id().value());
        session.project().ifPresent(project -> to.field("project_id", project.value()));
        to.nullable("user_id", session.owner().map(Object::toString));
        to.field("title", session.title());
        to.field("visibility", word(session.visibility()));
        to.field("started_at", session.startedAt());
        to.field("last_activity", session.lastActivity());
        to.field("status", word(status));
        to.each("members", session.members(), SessionJson::member);
        if (privileged) {
            to.name("metadata").begin();
            to.field("user_agent", session.client().userAgent());
            to.field("ip_address", session.client().ipAddress());
            to.field("client_version", session.client().version());
            to.end();
        }
        to.name("settings");
        settings(to, session.settings());
        to.field("cursor", Long.toString(session.position()));
        return to.end();
    }

    public static JsonWriter settings(JsonWriter to, SessionSettings settings) {
        to.begin();
        to.optional("model_preference", settings.model());
        to.optional("language", settings.language());
        return to.field("stream_responses", settings.streamResponses()).end();
    }

    /** An enumeration's constant as it stands in JSON. */
    public static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static void member(JsonWriter to, Member member) {
        to.begin().field("user_id", member.user().value());
        to.field("name", member.name()).field("joined_at", member.joinedAt()).end();
    }
}
