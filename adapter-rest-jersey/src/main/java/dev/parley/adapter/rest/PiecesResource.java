package dev.parley.adapter.rest;

import dev.parley.application.command.Command;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.Sha256;
import dev.parley.protocols.json.AttachmentJson;
import dev.parley.protocols.json.FieldException;
import dev.parley.protocols.json.Fields;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonWriter;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** A file that comes in pieces, so that a line that breaks costs one piece and not the whole file. */
@Path(UploadsResource.PATH + "/{id}")
public final class PiecesResource {

    PiecesResource() {}

    /** Begins, or says what is there already. */
    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    public Response begin(@Context ContainerRequestContext request, @PathParam("id") String id, byte[] bytes) {
        Visit visit = Visit.of(request);
        JsonObject body = Answers.body(bytes);
        OptionalLong size = body.whole("size");
        if (size.isEmpty()) {
            throw new FieldException("Expected size to be a whole number");
        }
        Command.Uploading uploading = visit.ask(new Command.BeginUpload(
                Optional.of(attachment(id)),
                body.text("session_id").map(Answers::session),
                body.requiredText("file_name"),
                body.text("mime_type").orElse(""),
                size.getAsLong(),
                true));
        JsonWriter json = new JsonWriter(512).begin();
        json.field("attachment_id", uploading.upload().id().value());
        json.field("chunk_size", uploading.maxChunk());
        json.name("received").beginItems();
        uploading.received().forEach(index -> json.value((long) index));
        return Answers.json(json.endItems().end());
    }

    @PUT
    @Path("chunks/{index}")
    @Consumes(MediaType.WILDCARD)
    public Response chunk(
            @Context ContainerRequestContext request,
            @PathParam("id") String id,
            @PathParam("index") String index,
            byte[] bytes) {
        Command.ChunkAdded added = Visit.of(request)
                .ask(new Command.AddChunk(attachment(id), index(index), ByteBuffer.wrap(bytes)));
        return Answers.json(new JsonWriter()
                .begin()
                .field("chunk_index", added.index())
                .field("received", added.received())
                .field("bytes", added.bytes())
                .end());
    }

    /** Checks the whole file and lets it appear. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response finish(@Context ContainerRequestContext request, @PathParam("id") String id, byte[] bytes) {
        JsonObject body = Answers.body(bytes);
        Optional<Sha256> hash = body.text("sha256").map(PiecesResource::hash);
        OptionalLong chunks = body.whole("total_chunks");
        Command.Uploaded done = Visit.of(request)
                .ask(new Command.FinishUpload(
                        attachment(id),
                        hash,
                        chunks.isPresent()
                                ? Optional.of(Math.clamp(chunks.getAsLong(), -1, Integer.MAX_VALUE))
                                : Optional.empty()));
        return Answers.json(201, AttachmentJson.write(new JsonWriter(512), done.attachment()))
                .header("Location", AttachmentJson.url(done.attachment().id()))
                .build();
    }

    @DELETE
    public Response abandon(@Context ContainerRequestContext request, @PathParam("id") String id) {
        Visit.of(request).ask(new Command.AbandonUpload(attachment(id)));
        return Answers.nothing();
    }

    private static AttachmentId attachment(String id) {
        return Fields.checked(() -> new AttachmentId(id));
    }

    private static Sha256 hash(String digits) {
        return Fields.checked(() -> new Sha256(digits.strip().toLowerCase(Locale.ROOT)));
    }

    private static int index(String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException none) {
            throw new FieldException("Expected the chunk's index to be a whole number");
        }
    }
}
