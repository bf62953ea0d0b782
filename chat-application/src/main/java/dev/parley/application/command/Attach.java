package dev.parley.application.command;

import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.message.ClientMetadata;

/** A file that is to go with a message. */
public sealed interface Attach {

    /** One that is here: of the message's session, or the caller's own. */
    record Existing(AttachmentId id) implements Attach {}

    /**
     * One that is elsewhere; its address is kept and never fetched.
     *
     * @param fileName as the client says; empty for the address' last part
     * @param mimeType as the client says, may be empty
     * @param size as the client says, from 0
     */
    record Link(String fileName, String url, String mimeType, long size, ClientMetadata metadata) implements Attach {}
}
