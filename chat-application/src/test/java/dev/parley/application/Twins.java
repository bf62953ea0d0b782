package dev.parley.application;

import dev.parley.domain.limit.RateLimiter;
import dev.parley.domain.live.EventBus;
import dev.parley.domain.reply.StreamLog;
import dev.parley.domain.store.ReplyStore;
import dev.parley.domain.store.SessionStore;
import dev.parley.domain.telemetry.Telemetry;

/** Puts one faulty twin in the place of a port. */
final class Twins {
    private Twins() {}

    static Ports withBus(Ports p, EventBus bus) {
        return new Ports(p.sessions(), p.messages(), p.replies(), p.revocations(), p.audit(), p.topics(), p.files(), p.streams(),
                bus,
                p.presence(),
                p.limiter(), p.leases(), p.connections(), p.llm(), p.models(), p.projects(), p.telemetry(), p.ids(),
                p.timers(), p.clock());
    }

    static Ports withLimiter(Ports p, RateLimiter limiter) {
        return new Ports(p.sessions(), p.messages(), p.replies(), p.revocations(), p.audit(), p.topics(), p.files(), p.streams(),
                p.bus(),
                p.presence(),
                limiter, p.leases(), p.connections(), p.llm(), p.models(), p.projects(), p.telemetry(), p.ids(),
                p.timers(), p.clock());
    }

    static Ports withStreams(Ports p, StreamLog streams) {
        return new Ports(p.sessions(), p.messages(), p.replies(), p.revocations(), p.audit(), p.topics(), p.files(), streams,
                p.bus(),
                p.presence(),
                p.limiter(), p.leases(), p.connections(), p.llm(), p.models(), p.projects(), p.telemetry(), p.ids(),
                p.timers(), p.clock());
    }

    static Ports withStores(Ports p, SessionStore sessions, ReplyStore replies) {
        return new Ports(sessions, p.messages(), replies, p.revocations(), p.audit(), p.topics(), p.files(), p.streams(), p.bus(),
                p.presence(),
                p.limiter(), p.leases(), p.connections(), p.llm(), p.models(), p.projects(), p.telemetry(), p.ids(),
                p.timers(), p.clock());
    }

    static Ports withTelemetry(Ports p, Telemetry telemetry) {
        return new Ports(p.sessions(), p.messages(), p.replies(), p.revocations(), p.audit(), p.topics(), p.files(), p.streams(),
                p.bus(),
                p.presence(),
                p.limiter(), p.leases(), p.connections(), p.llm(), p.models(), p.projects(), telemetry, p.ids(),
                p.timers(), p.clock());
    }
}
