package dev.parley.adapter.embedded.files;

import dev.parley.domain.attachment.FileContent;
import dev.parley.domain.attachment.FileInspector;
import dev.parley.domain.attachment.FileKinds;
import dev.parley.domain.attachment.FileName;
import dev.parley.domain.attachment.MimeType;
import dev.parley.domain.error.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Goes by the bytes that files of a kind begin with, unpacks archives within a bound, and reads the beginning of texts.
 *
 * <p>What it does not know well enough is unfit.
 */
public final class SignatureInspector implements FileInspector {
    private static final int HEAD = 64 * 1024;
    /** An archive's directory stands at its end, behind it at most a comment of 64 KiB. */
    private static final int TAIL = 65_557;
    private static final byte[] ARCHIVE_END = {'P', 'K', 5, 6};

    @Override
    public Inspection inspect(FileName name, FileContent content) {
        Optional<FileKinds.Kind> kind = FileKinds.of(name);
        if (kind.isEmpty()) {
            return new Inspection.Unfit("Expected one of the endings " + FileKinds.endings().stream().sorted().toList());
        }
        try {
            Optional<String> fault = fault(name.extension(), kind.get().told(), content);
            return fault.<Inspection>map(Inspection.Unfit::new).orElseGet(() -> new Inspection.Fit(kind.get().told()));
        } catch (IOException unreadable) {
            throw new UnavailableException("Expected to look into a file, found " + unreadable, unreadable);
        }
    }

    /** What is wrong with it, if anything is. */
    private static Optional<String> fault(String ending, MimeType told, FileContent content) throws IOException {
        byte[] head = part(content, 0, HEAD);
        if (FileKinds.text(told)) {
            return TextCheck.readable(head, content.size() > head.length) && TextCheck.fits(ending, head)
                    ? Optional.empty()
                    : other(ending);
        }
        if (!Signatures.fits(ending, head)) {
            return other(ending);
        }
        return switch (ending) {
            case "zip", "docx", "xlsx", "pptx", "odt", "ods", "odp" -> ArchiveCheck.zip(ending, content);
            case "gz" -> ArchiveCheck.gzip(content);
            case "rar", "7z", "tar" -> Optional.empty();
            default -> twofold(content) ? Optional.of("Expected one file, found two in one") : Optional.empty();
        };
    }

    private static Optional<String> other(String ending) {
        return Optional.of("Expected the content of a ." + ending + " file");
    }

    /** Whether an archive hides behind what it shows. */
    private static boolean twofold(FileContent content) throws IOException {
        long from = Math.max(0, content.size() - TAIL);
        byte[] tail = part(content, from, TAIL);
        for (int at = 0; at + ARCHIVE_END.length <= tail.length; at++) {
            if (Signatures.at(tail, at, ARCHIVE_END)) {
                return true;
            }
        }
        return false;
    }

    private static byte[] part(FileContent content, long from, int length) throws IOException {
        try (InputStream in = content.open(from)) {
            return in.readNBytes(length);
        }
    }
}
