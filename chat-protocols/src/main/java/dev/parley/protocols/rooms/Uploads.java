package dev.parley.protocols.rooms;

import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.Step;
import dev.parley.protocols.json.AttachmentJson;
import dev.parley.protocols.json.FieldException;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonWriter;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;

/** Files that come in pieces. Used by one thread at a time. */
final class Uploads {

    private static final int MAX_REMEMBERED = 64;

    private final RoomsState state;
    private final RoomFrames frames;
    private final Charged charged;
    /** How many pieces the client says there are. */
    private final Map<AttachmentId, Integer> totals = new LinkedHashMap<>();

    /** Counts a frame, and goes on if it may. */
    interface Charged {
        List<Step> charged(RoomFrames.About about, Supplier<List<Step>> steps);
    }

    Uploads(RoomsState state, RoomFrames frames, Charged charged) {
        this.state = state;
        this.frames = frames;
        this.charged = charged;
    }

    /** What brings bytes counts by them; it counts as a frame, like all others, when it comes to nothing. */
    List<Step> take(JsonObject frame, RoomFrames.About about) {
        try {
            JsonObject data = RoomFields.data(frame);
            return switch (data.requiredText("upload_type")) {
                case "chunk" -> add(data, about);
                case "init" -> charged.charged(about, () -> begin(frame, data, about));
                case "finalize" -> charged.charged(about, () -> finish(data, about));
                default -> throw new FieldException("Expected upload_type to be init, chunk or finalize");
            };
        } catch (FieldException wrong) {
            return charged.charged(about, () -> {
                throw wrong;
            });
        }
    }

    private List<Step> begin(JsonObject frame, JsonObject data, RoomFrames.About about) {
        Optional<SessionId> room = RoomFields.room(frame);
        OptionalLong size = data.whole("file_size");
        if (size.isEmpty()) {
            throw new FieldException("Expected file_size, found none");
        }
        if (size.getAsLong() < 0) {
            throw new FieldException("Expected file_size from 0, found " + size.getAsLong());
        }
        Command<Command.Uploading> command = new Command.BeginUpload(
                RoomFields.file(data),
                room,
                data.requiredText("file_name"),
                data.text("mime_type").orElse(""),
                size.getAsLong(),
                true);
        return ask(command, room.map(about::in).orElse(about), begun -> List.of(RoomFrames.kept(
                "file_upload",
                answer -> {
                    answer.field("upload_type", "init").field("file_id", begun.upload().id().value());
                    answer.field("chunk_size", begun.maxChunk());
                    numbers(answer.name("received"), begun.received());
                })));
    }

    private List<Step> add(JsonObject data, RoomFrames.About about) {
        AttachmentId file = RoomFields.requiredFile(data);
        int index = count(data, "chunk_index").orElseThrow(() -> new FieldException("Expected chunk_index, found none"));
        Optional<Integer> total = count(data, "total_chunks");
        total.ifPresent(chunks -> remember(file, chunks));
        Command<Command.ChunkAdded> command = new Command.AddChunk(file, index, bytes(data.requiredText("chunk_data")));
        return List.of(new Step.Ask<>(command, outcome -> switch (outcome) {
            case Outcome.Done<Command.ChunkAdded>(Command.ChunkAdded added) ->
                    List.of(RoomFrames.kept("file_upload", answer -> {
                        answer.field("upload_type", "chunk").field("file_id", file.value());
                        answer.field("chunk_index", index).field("received", added.received());
                        total.ifPresent(chunks -> answer.field("total_chunks", chunks));
                    }));
            case Outcome.Refused<Command.ChunkAdded>(Outcome.Refusal refusal) ->
                    charged.charged(about, () -> List.of(frames.error(state, refusal, about.of(file))));
        }));
    }

    private List<Step> finish(JsonObject data, RoomFrames.About about) {
        AttachmentId file = RoomFields.requiredFile(data);
        Optional<Sha256> hash = data.text("checksum").map(Uploads::hash);
        Command<Command.Uploaded> command =
                new Command.FinishUpload(file, hash, Optional.ofNullable(totals.get(file)));
        return ask(command, about.of(file), done -> {
            totals.remove(file);
            if (done.session().filter(state::in).isPresent()) {
                state.brought(file);
            }
            return List.of(RoomFrames.kept("file_upload", answer -> finished(
                    answer, done.attachment(), done.attachment().owner(), done.session())));
        });
    }

    /** A file that is complete, as everybody in its room sees it. */
    static void finished(JsonWriter to, Attachment file, UserId by, Optional<SessionId> room) {
        described(to.field("upload_type", "finalize"), file).field("user_id", by.value());
        room.ifPresent(id -> to.field("room_id", id.value()));
    }

    /** What is known of a file, as fields of an object that is open. */
    static JsonWriter described(JsonWriter to, Attachment file) {
        to.field("file_id", file.id().value());
        to.field("url", AttachmentJson.url(file)).field("file_name", file.name().value());
        to.field("mime_type", file.mimeType().value()).field("file_size", file.size());
        return to.optional("checksum", file.sha256().map(Sha256::hex));
    }

    private void remember(AttachmentId file, int chunks) {
        totals.remove(file);
        totals.put(file, chunks);
        if (totals.size() > MAX_REMEMBERED) {
            totals.remove(totals.keySet().iterator().next());
        }
    }

    private static Optional<Integer> count(JsonObject data, String field) {
        OptionalLong value = data.whole(field);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (value.getAsLong() < 0 || value.getAsLong() > Integer.MAX_VALUE) {
            throw new FieldException("Expected " + field + " from 0, found " + value.getAsLong());
        }
        return Optional.of((int) value.getAsLong());
    }

    private static ByteBuffer bytes(String base64) {
        try {
            return ByteBuffer.wrap(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException malformed) {
            throw new FieldException("Expected chunk_data in base64");
        }
    }

    private static Sha256 hash(String checksum) {
        String hex = checksum.strip().toLowerCase(Locale.ROOT);
        try {
            return new Sha256(hex.startsWith("sha256:") ? hex.substring("sha256:".length()) : hex);
        } catch (IllegalArgumentException malformed) {
            throw new FieldException("Expected checksum to be a SHA-256 of 64 hexadecimal digits");
        }
    }

    private static void numbers(JsonWriter to, List<Integer> values) {
        to.beginItems();
        values.forEach(to::value);
        to.endItems();
    }

    private <R> List<Step> ask(Command<R> command, RoomFrames.About about, Function<R, List<Step>> then) {
        return List.of(new Step.Ask<>(command, outcome -> switch (outcome) {
            case Outcome.Done<R> done -> then.apply(done.value());
            case Outcome.Refused<R> refused -> List.of(frames.error(state, refused.refusal(), about));
        }));
    }
}
