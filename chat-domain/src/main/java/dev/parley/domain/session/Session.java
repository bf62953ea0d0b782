package dev.parley.domain.session;

import dev.parley.domain.access.UserId;
import dev.parley.domain.project.ProjectId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A durable conversation.
 *
 * @param owner whose it is; a ticket has none
 * @param title at most {@value #MAX_TITLE} characters, empty until something names it
 * @param lastActivity when something durable last happened, or a client was last seen
 * @param members everybody who belongs, the owner among them, in the order of joining
 * @param position the position of the newest change that {@code this} reflects, 0 before the first
 */
public record Session(
        SessionId id,
        Optional<ProjectId> project,
        Optional<UserId> owner,
        String title,
        Visibility visibility,
        Instant startedAt,
        Instant lastActivity,
        boolean closed,
        ClientInfo client,
        SessionSettings settings,
        List<Member> members,
        long position) {

    public static final int MAX_TITLE = 200;

    /** How many people may be invited to a session; those who enter an open one by themselves are not counted. */
    public static final int MAX_INVITED = 1000;

    /** How many people a private session holds: its owner and one more. */
    public static final int PRIVATE_SEATS = 2;

    public Session {
        members = List.copyOf(members);
        if (title.length() > MAX_TITLE) {
            throw new IllegalArgumentException(
                    "Expected a title of at most " + MAX_TITLE + " characters, found " + title.length());
        }
    }

    /** A session that nothing has happened in yet; its owner, if any, is its first member. */
    public static Session fresh(
            SessionId id, Optional<Member> owner, Visibility visibility, Optional<ProjectId> project, Instant now) {
        return new Session(
                id,
                project,
                owner.map(Member::user),
                "",
                visibility,
                now,
                now,
                false,
                ClientInfo.UNKNOWN,
                SessionSettings.DEFAULT,
                owner.map(List::of).orElse(List.of()),
                0);
    }

    public boolean ownedBy(UserId user) {
        return owner.isPresent() && owner.get().equals(user);
    }

    public Optional<Member> member(UserId user) {
        for (Member member : members) {
            if (member.user().equals(user)) {
                return Optional.of(member);
            }
        }
        return Optional.empty();
    }

    public boolean has(UserId user) {
        return member(user).isPresent();
    }

    /** Whether a private session has no seat left. */
    public boolean full() {
        return visibility == Visibility.PRIVATE && members.size() >= PRIVATE_SEATS;
    }

    public SessionStatus status(Instant now, Duration idleAfter) {
        if (closed) {
            return SessionStatus.CLOSED;
        }
        return lastActivity.plus(idleAfter).isAfter(now) ? SessionStatus.ACTIVE : SessionStatus.IDLE;
    }

    public Session withMember(Member member) {
        if (has(member.user())) {
            return this;
        }
        List<Member> more = new ArrayList<>(members);
        more.add(member);
        return with(title, visibility, closed, client, settings, more);
    }

    public Session withoutMember(UserId user) {
        return with(
                title,
                visibility,
                closed,
                client,
                settings,
                members.stream().filter(member -> !member.user().equals(user)).toList());
    }

    public Session withTitle(String newTitle) {
        return with(newTitle, visibility, closed, client, settings, members);
    }

    public Session withVisibility(Visibility newVisibility) {
        return with(title, newVisibility, closed, client, settings, members);
    }

    public Session withSettings(SessionSettings newSettings) {
        return with(title, visibility, closed, client, newSettings, members);
    }

    public Session withClient(ClientInfo newClient) {
        return with(title, visibility, closed, newClient, settings, members);
    }

    public Session asClosed() {
        return with(title, visibility, true, client, settings, members);
    }

    /** This session after a change at {@code newPosition} that happened at {@code at}. */
    public Session at(long newPosition, Instant at) {
        return new Session(
                id,
                project,
                owner,
                title,
                visibility,
                startedAt,
                at.isAfter(lastActivity) ? at : lastActivity,
                closed,
                client,
                settings,
                members,
                newPosition);
    }

    private Session with(
            String newTitle,
            Visibility newVisibility,
            boolean newClosed,
            ClientInfo newClient,
            SessionSettings newSettings,
            List<Member> newMembers) {
        return new Session(
                id,
                project,
                owner,
                newTitle,
                newVisibility,
                startedAt,
                lastActivity,
                newClosed,
                newClient,
                newSettings,
                newMembers,
                position);
    }
}
