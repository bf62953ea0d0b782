package dev.parley.domain.attachment;

import dev.parley.domain.access.UserId;
import dev.parley.domain.message.ClientMetadata;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * A file as it is known; it never changes. It may be in several sessions, and whoever may enter one of them may have it.
 *
 * @param owner who brought it
 * @param mimeType what it was found to be; of a link what its sender says
 * @param size in bytes; of a link what its sender says
 */
public record Attachment(
        AttachmentId id, UserId owner, FileName name, MimeType mimeType, long size, Instant addedAt, Content content) {

    /** Where the bytes are. */
    public sealed interface Content {}

    /** Here, under their hash. */
    public record Kept(Sha256 sha256) implements Content {}

    /**
     * Elsewhere: the address is kept and never fetched.
     *
     * @param url as {@link #isUrl} allows
     * @param metadata what its sender wants kept with it
     */
    public record Linked(String url, ClientMetadata metadata) implements Content {
        public Linked {
            if (!isUrl(url)) {
                throw new IllegalArgumentException("Expected an absolute http or https address");
            }
        }
    }

    /** How long an address may be. */
    public static final int MAX_URL = 2048;

    public Attachment {
        if (size < 0) {
            throw new IllegalArgumentException("Expected a size from 0, found " + size);
        }
    }

    /** Whether {@code url} can be linked to: an absolute address of the web, so that no click runs a script. */
    public static boolean isUrl(String url) {
        if (url.length() > MAX_URL) {
            return false;
        }
        try {
            URI address = new URI(url);
            String scheme = Optional.ofNullable(address.getScheme()).orElse("").toLowerCase(Locale.ROOT);
            return (scheme.equals("http") || scheme.equals("https")) && address.getHost() != null;
        } catch (URISyntaxException unusable) {
            return false;
        }
    }

    /** The content's hash, if the bytes are here. */
    public Optional<Sha256> sha256() {
        return switch (content) {
            case Kept(Sha256 sha256) -> Optional.of(sha256);
            case Linked linked -> Optional.empty();
        };
    }
}
