package dev.parley.application;

import dev.parley.application.command.Overlap;
import dev.parley.domain.limit.Quota;
import dev.parley.domain.session.Visibility;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * How the engine is set. Immutable; {@link #DEFAULT} is what runs when nobody says anything.
 *
 * @param maxMessageLength in characters (code points)
 * @param maxReplyLength in UTF-16 code units; a model that goes on past it has failed
 * @param contextMessages how many messages of the history a model reads
 * @param overlap what becomes of overlapping questions that do not say
 * @param concurrentReplies how many replies run at once on this node
 * @param queueLimit how many replies may wait on this node
 * @param coalesce how long text waits to be sent together with what follows; the first text never waits
 * @param streamDelay waited after each fragment, for effect
 * @param checkpointEvery how often a running reply's text is made safe
 * @param messages how many messages a user may send
 * @param requests how many requests a user may make
 * @param frames how many frames a connection may send
 * @param events how many events of each kind a user may send, where a protocol counts them so
 * @param limiterFailsOpen whether everything is allowed while the limiter is away; otherwise nothing that it would count
 * @param visibility what new sessions get whatever their protocol says
 * @param defaultModel asked when nobody names a model; else the catalogue's first
 * @param modelFallback whether the default model stands in for one that is not there
 * @param router how the agent is chosen when none is named
 * @param autoTitle whether a model names sessions; else their first words do
 * @param ticketRoles who may use tickets; empty for everybody
 * @param presenceLife how long a connection counts as present without a sign of life
 * @param presenceGrace how long a user counts as present after the last connection went, so that a reload does not flicker
 * @param typingLife how long somebody types without saying so again
 * @param nodeLease how long this node counts as alive without saying so again
 * @param maxMissed how many changes are told to somebody who comes back; who missed more must load anew
 * @param sessionTtl after how long without activity a session is purged; empty for never
 * @param changeRetention how long changes are kept, so that who comes back can be told them; empty for ever
 * @param uploads what may be uploaded
 * @param content what becomes of words that offend
 */
public record EngineSettings(
        int maxMessageLength,
        int maxReplyLength,
        int contextMessages,
        Overlap overlap,
        int concurrentReplies,
        int queueLimit,
        Duration coalesce,
        Duration streamDelay,
        Duration checkpointEvery,
        Optional<Quota> messages,
        Optional<Quota> requests,
        Optional<Quota> frames,
        EventLimits events,
        boolean limiterFailsOpen,
        Optional<Visibility> visibility,
        Optional<String> defaultModel,
        boolean modelFallback,
        Router router,
        boolean autoTitle,
        Set<String> ticketRoles,
        Duration presenceLife,
        Duration presenceGrace,
        Duration typingLife,
        Duration nodeLease,
        int maxMissed,
        Optional<Duration> sessionTtl,
        Optional<Duration> changeRetention,
        UploadSettings uploads,
        ContentSettings content) {

    /** How an agent is chosen when a message names none. */
    public enum Router {
        /** The default agent. */
        STANDARD,
        /** The first agent one of whose keywords is in the message, else the default agent. */
        KEYWORDS,
        /** A model is asked which; costs a request. */
        MODEL
    }

    public static final EngineSettings DEFAULT = new EngineSettings(
            5000,
            1_000_000,
            10,
            Overlap.QUEUE,
            10,
            200,
            Duration.ofMillis(40),
            Duration.ZERO,
            Duration.ofSeconds(1),
            Optional.of(new Quota(30, Duration.ofMinutes(1))),
            Optional.of(new Quota(600, Duration.ofMinutes(1))),
            Optional.of(new Quota(100, Duration.ofMinutes(1))),
            EventLimits.STANDARD,
            true,
            Optional.empty(),
            Optional.empty(),
            true,
            Router.STANDARD,
            false,
            Set.of(),
            Duration.ofSeconds(60),
            Duration.ofSeconds(2),
            Duration.ofSeconds(6),
            Duration.ofSeconds(10),
            5000,
            Optional.empty(),
            Optional.empty(),
            UploadSettings.STANDARD,
            ContentSettings.STANDARD);

    public EngineSettings {
        ticketRoles = Set.copyOf(ticketRoles);
        atLeastOne("maxMessageLength", maxMessageLength);
        atLeastOne("maxReplyLength", maxReplyLength);
        atLeastOne("contextMessages", contextMessages);
        atLeastOne("concurrentReplies", concurrentReplies);
        atLeastOne("queueLimit", queueLimit);
        atLeastOne("maxMissed", maxMissed);
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("Expected " + name + " of at least 1, found " + value);
        }
    }
}
