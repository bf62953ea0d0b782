package dev.parley.domain.session;

import static dev.parley.domain.access.Verdict.ALLOWED;
import static dev.parley.domain.access.Verdict.ALLOWED_AND_AUDITED;
import static dev.parley.domain.access.Verdict.ALLOWED_AND_JOINS;
import static dev.parley.domain.access.Verdict.FORBIDDEN;

import dev.parley.domain.access.Principal;
import dev.parley.domain.access.Right;
import dev.parley.domain.access.Verdict;
import dev.parley.domain.topic.Audience;
import java.util.Set;

/**
 * Who may do what: the one place that knows. A pure function of who asks and of the session as it is.
 *
 * <p>The highest of a person's rights counts: an owner who is an administrator too is an owner first.
 *
 * @param ticketRoles the roles that may use tickets; empty means everybody who is signed in
 */
public record AccessRules(Set<String> ticketRoles) {

    public AccessRules {
        ticketRoles = Set.copyOf(ticketRoles);
    }

    /** What {@code who} may do in {@code session}. */
    public Verdict verdict(Principal who, Session session, Right right) {
        return switch (right) {
            case ENTER -> enter(who, session);
            case SEND, CHANGE_OWN -> belongs(who, session) || who.admin() ? ALLOWED : FORBIDDEN;
            case DELETE_OTHERS, MANAGE -> session.ownedBy(who.user()) || who.admin() ? ALLOWED : FORBIDDEN;
            case PUBLISH, ADMINISTER -> verdict(who, right);
        };
    }

    /** What {@code who} may do to the server, whatever the session: {@link Right#PUBLISH} and {@link Right#ADMINISTER}. */
    public Verdict verdict(Principal who, Right right) {
        return switch (right) {
            case PUBLISH -> who.service() || who.admin() ? ALLOWED : FORBIDDEN;
            case ADMINISTER -> who.admin() ? ALLOWED : FORBIDDEN;
            case ENTER, SEND, CHANGE_OWN, DELETE_OTHERS, MANAGE -> throw new IllegalArgumentException(
                    "Expected a right that needs no session, found " + right);
        };
    }

    /** Whether {@code who} may be told what is published to a topic with this audience. */
    public Verdict verdict(Principal who, Audience audience) {
        boolean meant = switch (audience) {
            case Audience.Everybody everybody -> true;
            case Audience.Only only -> only.users().contains(who.user());
        };
        return meant ? ALLOWED : who.admin() ? ALLOWED_AND_AUDITED : FORBIDDEN;
    }

    private Verdict enter(Principal who, Session session) {
        if (belongs(who, session)) {
            return ALLOWED;
        }
        if (who.admin()) {
            return ALLOWED_AND_AUDITED;
        }
        boolean open = session.visibility() == Visibility.SHARED && !session.id().isTicket();
        return open && !who.service() ? ALLOWED_AND_JOINS : FORBIDDEN;
    }

    /** Members belong to a session; to a ticket belongs everybody who may use tickets. */
    private boolean belongs(Principal who, Session session) {
        if (session.id().isTicket()) {
            return ticketRoles.isEmpty() || who.roles().stream().anyMatch(ticketRoles::contains);
        }
        return session.has(who.user());
    }
}
