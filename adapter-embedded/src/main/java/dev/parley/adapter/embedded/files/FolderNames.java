package dev.parley.adapter.embedded.files;

import dev.parley.domain.attachment.AttachmentId;
import java.util.Optional;

/** How the folder of an upload is called: another name for every id on every file system, and nothing that one treats as special. */
final class FolderNames {
    private static final String PREFIX = "u-";
    private static final char UPPER = '=';

    private FolderNames() {}

    static String of(AttachmentId upload) {
        StringBuilder name = new StringBuilder(PREFIX);
        upload.value().chars().forEach(c -> {
            if (c >= 'A' && c <= 'Z') {
                name.append(UPPER).append((char) (c - 'A' + 'a'));
            } else {
                name.append((char) c);
            }
        });
        return name.toString();
    }

    /** The upload whose folder is called so; empty when it is no upload's. */
    static Optional<AttachmentId> upload(String folder) {
        if (!folder.startsWith(PREFIX)) {
            return Optional.empty();
        }
        StringBuilder id = new StringBuilder();
        for (int at = PREFIX.length(); at < folder.length(); at++) {
            boolean upper = folder.charAt(at) == UPPER && at + 1 < folder.length();
            id.append(upper ? Character.toUpperCase(folder.charAt(++at)) : folder.charAt(at));
        }
        String value = id.toString();
        return AttachmentId.isValid(value) ? Optional.of(new AttachmentId(value)) : Optional.empty();
    }
}
