package dev.parley.domain.store;

import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.Port;
import dev.parley.domain.access.UserId;
import dev.parley.domain.change.Change;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Sessions and everything durable that happens in them, as one numbered feed of changes each.
 *
 * <p>There is one way to write, {@link #write}, and one way to catch up, {@link #changesAfter}. The promise that holds
 * everything else: <em>whoever has seen position n has seen every change up to n</em>, whatever number of writers and nodes.
 * Reads that begin after a write returned see it. Safe for use by many threads; every method may block, and fails with
 * {@link dev.parley.domain.error.UnavailableException} when the store is away or full.
 */
@Port
public interface SessionStore {

    /**
     * Reads, decides and appends as one indivisible step; durable when it returns, whole or not at all.
     *
     * @param work pure and quick: it may run on another thread, more than once, and while other callers wait; what it throws
     *     undoes the step and is thrown on to the caller
     * @return what {@code work} returned in the run that counted
     */
    <T> T write(SessionId session, Work<T> work);

    /** A step inside {@link #write}. */
    @FunctionalInterface
    interface Work<T> {
        T run(SessionTransaction transaction);
    }

    Optional<Session> find(SessionId id);

    /** The open and closed sessions {@code user} is a member of, most recently active first. */
    Page<Session> of(UserId user, PageRequest request);

    /** All sessions, most recently active first. */
    Page<Session> all(PageRequest request);

    /**
     * What happened after {@code position}, in order, at most {@code limit} changes.
     *
     * @param position 0 for the beginning
     */
    Feed changesAfter(SessionId session, long position, int limit);

    /** What {@link #changesAfter} finds. */
    sealed interface Feed {

        /** What follows, without a gap; empty when there is nothing newer. */
        record Changes(List<Change> changes) implements Feed {
            public Changes {
                changes = List.copyOf(changes);
            }
        }

        /** No complete answer can be given: forgotten, beyond the newest, or no such session. The reader must begin anew. */
        record Lost() implements Feed {}
    }

    /** Notes that somebody was seen in the session without anything durable happening; changes no position. */
    void touch(SessionId session, Instant at);

    /**
     * Notes that {@code user} was told the session's feed up to {@code position}; the furthest counts. Changes no position, and
     * nothing at all where there is no such session.
     */
    void reach(SessionId session, UserId user, long position);

    /** How far {@code user} was told the session's feed; empty for whoever was never told anything. */
    OptionalLong reachOf(SessionId session, UserId user);

    /** Sessions in which nothing happened since {@code before}, longest quiet first, at most {@code limit}. */
    List<SessionId> quietSince(Instant before, int limit);

    /**
     * Forgets changes of all sessions: in each the oldest, up to the first that happened at or after {@code before}, and never the
     * newest. Messages, members and replies stay as they are; who reads on from before what was forgotten is {@link Feed.Lost}.
     *
     * @return how many were forgotten
     */
    long forgetChanges(Instant before);

    /** Removes the session with everything in it and frees its id; false when there was none. */
    boolean purge(SessionId session);
}
