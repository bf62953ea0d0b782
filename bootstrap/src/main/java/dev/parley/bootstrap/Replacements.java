package dev.parley.bootstrap;

import dev.parley.domain.IdSource;
import dev.parley.domain.access.AuditTrail;
import dev.parley.domain.access.Revocations;
import dev.parley.domain.access.TokenVerifier;
import dev.parley.domain.attachment.FileInspector;
import dev.parley.domain.attachment.VirusScanner;
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
import dev.parley.domain.store.AttachmentStore;
import dev.parley.domain.store.BlobStore;
import dev.parley.domain.store.MessageStore;
import dev.parley.domain.store.ReplyStore;
import dev.parley.domain.store.SessionStore;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.domain.time.Timers;
import dev.parley.domain.topic.TopicLog;
import java.time.InstantSource;
import java.util.Optional;

/** The ports that an embedder brings in place of ours. Filled by the builder, on one thread, before anything is wired. */
final class Replacements {

    /** Everything durable, which belongs together. */
    record Durable(
            SessionStore sessions,
            MessageStore messages,
            ReplyStore replies,
            Revocations revocations,
            AuditTrail audit,
            TopicLog topics,
            AttachmentStore attachments,
            BlobStore blobs) {}

    /** A model and what is known of its kind. */
    record Models(LlmStreamer streamer, ModelCatalog catalog) {}

    Optional<Durable> durable = Optional.empty();
    Optional<Models> models = Optional.empty();
    Optional<StreamLog> streams = Optional.empty();
    Optional<EventBus> bus = Optional.empty();
    Optional<Presence> presence = Optional.empty();
    Optional<RateLimiter> limiter = Optional.empty();
    Optional<Leases> leases = Optional.empty();
    Optional<ConnectionRegistry> connections = Optional.empty();
    Optional<ProjectSource> projects = Optional.empty();
    Optional<Telemetry> telemetry = Optional.empty();
    Optional<FileInspector> inspector = Optional.empty();
    Optional<VirusScanner> scanner = Optional.empty();
    Optional<ContentFilter> filter = Optional.empty();
    Optional<TokenVerifier> verifier = Optional.empty();
    Optional<IdSource> ids = Optional.empty();
    Optional<Timers> timers = Optional.empty();
    Optional<InstantSource> clock = Optional.empty();
}
