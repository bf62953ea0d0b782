package dev.parley.adapter.rest;

import dev.parley.application.command.Command;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.FileContent;
import dev.parley.domain.error.ErrorCode;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Files to take away: whole or in ranges, never shown by the browser as if they were a page of this server. */
@Path("/api/chat/attachments/{id}")
public final class AttachmentsResource {

    private static final int BUFFER = 64 * 1024;

    AttachmentsResource() {}

    @GET
    public Response download(@Context ContainerRequestContext request, @PathParam("id") String id) {
        return answer(Visit.of(request), id, true);
    }

    @HEAD
    public Response head(@Context ContainerRequestContext request, @PathParam("id") String id) {
        return answer(Visit.of(request), id, false);
    }

    private static Response answer(Visit visit, String id, boolean withBody) {
        Command.OpenedFile file = visit.ask(new Command.OpenAttachment(attachment(id)));
        FileContent content = file.content();
        String tag = "\"" + file.attachment().sha256().orElseThrow().hex() + "\"";
        if (Ranges.sameTag(visit.exchange().header("if-none-match"), tag)) {
            return described(Response.status(304), file.attachment(), tag).build();
        }
        return switch (Ranges.wanted(visit.exchange(), tag, content.size())) {
            case Ranges.Whole whole -> described(Response.ok(), file.attachment(), tag)
                    .header("Content-Length", content.size())
                    .entity(withBody ? part(visit, content, 0, content.size()) : null)
                    .build();
            case Ranges.Part(long from, long length) -> described(Response.status(206), file.attachment(), tag)
                    .header("Content-Length", length)
                    .header("Content-Range", "bytes " + from + "-" + (from + length - 1) + "/" + content.size())
                    .entity(withBody ? part(visit, content, from, length) : null)
                    .build();
            case Ranges.Beyond beyond -> Response.status(416)
                    .header("Content-Range", "bytes */" + content.size())
                    .build();
        };
    }

    private static Response.ResponseBuilder described(
            Response.ResponseBuilder response, Attachment attachment, String tag) {
        return response.header("Content-Type", attachment.mimeType().value())
                .header("Content-Disposition", Disposition.attachment(attachment.name()))
                .header("Accept-Ranges", "bytes")
                .header("ETag", tag)
                .header("Cache-Control", "private, no-cache")
                .header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
    }

    private static StreamingOutput part(Visit visit, FileContent content, long from, long length) {
        return out -> copy(visit, content, from, length, out);
    }

    private static void copy(Visit visit, FileContent content, long from, long length, OutputStream out)
            throws IOException {
        byte[] buffer = new byte[BUFFER];
        long left = length;
        try (InputStream in = content.open(from)) {
            int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            while (read > 0 && !visit.clientGone()) {
                out.write(buffer, 0, read);
                left -= read;
                read = left == 0 ? -1 : in.read(buffer, 0, (int) Math.min(left, buffer.length));
            }
        }
        out.flush();
    }

    @DELETE
    public Response delete(@Context ContainerRequestContext request, @PathParam("id") String id) {
        Visit.of(request).ask(new Command.DeleteAttachment(attachment(id)));
        return Answers.nothing();
    }

    private static AttachmentId attachment(String id) {
        if (!AttachmentId.isValid(id)) {
            throw new Refused(ErrorCode.NOT_FOUND, "Expected a file that is there, found none called so");
        }
        return new AttachmentId(id);
    }
}
