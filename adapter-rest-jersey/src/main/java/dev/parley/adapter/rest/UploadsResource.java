package dev.parley.adapter.rest;

import dev.parley.application.command.Command;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.json.AttachmentJson;
import dev.parley.protocols.json.FieldException;
import dev.parley.protocols.json.JsonWriter;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One file in one request: it goes in piece by piece as it comes, so that no more than a piece of it is in memory. */
@Path(UploadsResource.PATH)
public final class UploadsResource {

    static final String PATH = "/api/chat/uploads";

    private static final String FILE = "file";

    private final long maxUpload;

    UploadsResource(long maxUpload) {
        this.maxUpload = maxUpload;
    }

    @POST
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    public Response upload(@Context ContainerRequestContext request, InputStream body) {
        Visit visit = Visit.of(request);
        MultipartForm form = MultipartForm.of(visit.exchange().header("content-type").orElse(""), body);
        Map<String, String> fields = new HashMap<>(visit.query());
        Optional<MultipartForm.Part> part = form.next();
        while (part.isPresent() && !part.get().name().equals(FILE)) {
            fields.put(part.get().name(), part.get().text());
            part = form.next();
        }
        if (part.isEmpty()) {
            throw new FieldException("Expected a part called file, found none");
        }
        Attachment attachment = new Incoming(visit, fields, part.get()).taken();
        JsonWriter json = AttachmentJson.write(new JsonWriter(512), attachment);
        return Answers.json(201, json)
                .header("Location", AttachmentJson.url(attachment.id()))
                .build();
    }

    /** One file on its way in. Used by one thread. */
    private final class Incoming extends OutputStream {
        private final Visit visit;
        private final MultipartForm.Part part;
        private final Optional<Sha256> hash;
        private final AttachmentId upload;
        private final byte[] chunk;
        private int filled;
        private int index;

        Incoming(Visit visit, Map<String, String> fields, MultipartForm.Part part) {
            this.visit = visit;
            this.part = part;
            this.hash = Optional.ofNullable(fields.get("sha256")).map(Incoming::hash);
            Optional<SessionId> session = Optional.ofNullable(fields.get("session_id"))
                    .filter(id -> !id.isEmpty())
                    .map(Answers::session);
            String name = part.fileName().orElseThrow(() -> new FieldException("Expected the file's name, found none"));
            long length = visit.exchange().header("content-length").map(Incoming::whole).orElse(maxUpload);
            Command.Uploading begun = visit.ask(new Command.BeginUpload(
                    Optional.empty(), session, name, part.contentType(), Math.min(length, maxUpload), false));
            this.upload = begun.upload().id();
            // No more than can come: a quota bounds what one user has begun.
            this.chunk = new byte[Math.clamp(begun.upload().size(), 1, begun.maxChunk())];
        }

        private static Sha256 hash(String digits) {
            try {
                return new Sha256(digits.strip().toLowerCase(Locale.ROOT));
            } catch (IllegalArgumentException none) {
                throw new FieldException("Expected sha256 to be 64 hexadecimal digits");
            }
        }

        private static long whole(String length) {
            try {
                return Long.parseLong(length);
            } catch (NumberFormatException none) {
                throw new FieldException("Expected a Content-Length that is a number");
            }
        }

        Attachment taken() {
            boolean done = false;
            try {
                part.body(this);
                flushChunk();
                Attachment attachment =
                        visit.ask(new Command.FinishUpload(upload, hash, Optional.of(index))).attachment();
                done = true;
                return attachment;
            } finally {
                if (!done) {
                    visit.handle(new Command.AbandonUpload(upload));
                }
            }
        }

        @Override
        public void write(int value) {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            int at = offset;
            int left = length;
            while (left > 0) {
                int some = Math.min(left, chunk.length - filled);
                System.arraycopy(bytes, at, chunk, filled, some);
                filled += some;
                at += some;
                left -= some;
                if (filled == chunk.length) {
                    flushChunk();
                }
            }
        }

        private void flushChunk() {
            if (filled > 0) {
                visit.ask(new Command.AddChunk(upload, index, ByteBuffer.wrap(chunk, 0, filled)));
                index++;
                filled = 0;
            }
        }
    }
}
