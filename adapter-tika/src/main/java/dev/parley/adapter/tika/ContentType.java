package dev.parley.adapter.tika;

import dev.parley.domain.attachment.FileContent;
import dev.parley.domain.attachment.MimeType;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.mime.MediaType;
import org.apache.tika.mime.MediaTypeRegistry;
import org.apache.tika.mime.MimeTypes;

/** Types of content as Tika tells them. */
final class ContentType {

    /** Families of office documents: being one of them says nothing of which. */
    private static final String FAMILY = "application/x-tika";

    private ContentType() {}

    /** What the bytes say; no name is looked at. */
    static MimeType of(FileContent content) throws IOException {
        try (InputStream bytes = new BufferedInputStream(content.open())) {
            return MimeType.of(table().detect(bytes, new Metadata()).getBaseType().toString());
        }
    }

    /** Whether {@code found} is one of {@code wanted}, or a special case of one. */
    static boolean fits(MimeType found, Set<MimeType> wanted) {
        MediaTypeRegistry registry = table().getMediaTypeRegistry();
        MediaType type = MediaType.parse(found.value());
        return wanted.contains(found)
                || wanted.stream()
                        .filter(one -> !one.equals(MimeType.UNKNOWN) && !one.value().startsWith(FAMILY))
                        .anyMatch(one -> registry.isInstanceOf(type, MediaType.parse(one.value())));
    }

    private static MimeTypes table() {
        return MimeTypes.getDefaultMimeTypes();
    }
}
