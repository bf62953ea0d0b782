package dev.parley.application;

import dev.parley.domain.IdSource;
import dev.parley.domain.access.AuditTrail;
import dev.parley.domain.access.Revocations;
import dev.parley.domain.content.ContentFilter;
import dev.parley.domain.limit.RateLimiter;
import dev.parley.domain.live.ConnectionRegistry;
import dev.parley.domain.live.EventBus;
import dev.parley.domain.live.Leases;
import dev.parley.domain.live.Presence;
import dev.parley.domain.llm.LlmStreamer;
import dev.parley.domain.llm.ModelCatalog;
import dev.parley.domain.project.ProjectSource;
import dev.parley.domain.reply.StreamLog;
import dev.parley.domain.store.MessageStore;
import dev.parley.domain.store.ReplyStore;
import dev.parley.domain.store.SessionStore;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.domain.time.Timers;
import dev.parley.domain.topic.TopicLog;
import java.time.InstantSource;

/** The outside world as the engine sees it. The engine uses the ports and never closes them. */
public record Ports(
        SessionStore sessions,
        MessageStore messages,
        ReplyStore replies,
        Revocations revocations,
        AuditTrail audit,
        TopicLog topics,
        FilePorts files,
        StreamLog streams,
        EventBus bus,
        Presence presence,
        RateLimiter limiter,
        Leases leases,
        ConnectionRegistry connections,
        LlmStreamer llm,
        ModelCatalog models,
        ProjectSource projects,
        Telemetry telemetry,
        IdSource ids,
        Timers timers,
        InstantSource clock,
        ContentFilter filter) {

    /** With nothing that anybody could say being filtered. */
    public Ports(
            SessionStore sessions,
            MessageStore messages,
            ReplyStore replies,
            Revocations revocations,
            AuditTrail audit,
            TopicLog topics,
            FilePorts files,
            StreamLog streams,
            EventBus bus,
            Presence presence,
            RateLimiter limiter,
            Leases leases,
            ConnectionRegistry connections,
            LlmStreamer llm,
            ModelCatalog models,
            ProjectSource projects,
            Telemetry telemetry,
            IdSource ids,
            Timers timers,
            InstantSource clock) {
        this(
                sessions,
                messages,
                replies,
                revocations,
                audit,
                topics,
                files,
                streams,
                bus,
                presence,
                limiter,
                leases,
                connections,
                llm,
                models,
                projects,
                telemetry,
                ids,
                timers,
                clock,
                ContentFilter.NOTHING);
    }

    /** These, with others for who is there. */
    public Ports withPresence(Presence others, ConnectionRegistry otherConnections) {
        return new Ports(
                sessions, messages, replies, revocations, audit, topics, files, streams, bus, others, limiter, leases,
                otherConnections, llm, models, projects, telemetry, ids, timers, clock, filter);
    }
}
