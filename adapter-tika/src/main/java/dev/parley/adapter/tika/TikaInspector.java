package dev.parley.adapter.tika;

import dev.parley.domain.attachment.FileContent;
import dev.parley.domain.attachment.FileInspector;
import dev.parley.domain.attachment.FileKinds;
import dev.parley.domain.attachment.FileName;
import dev.parley.domain.attachment.MimeType;
import dev.parley.domain.error.UnavailableException;
import java.io.IOException;

/**
 * Compares what a file is called with what it is. Types are Tika's, by their magic bytes; archives and office documents are opened
 * and unpacked to nowhere, within limits. RAR archives are known by their beginning only: nothing free can unpack them here.
 *
 * <p>Safe for use by many threads. The first inspection takes some hundred milliseconds more: it reads Tika's table.
 */
public final class TikaInspector implements FileInspector {

    private static final MimeType TEXT = new MimeType("text/plain");

    private final InspectionLimits limits;

    public TikaInspector(InspectionLimits limits) {
        this.limits = limits;
    }

    @Override
    public Inspection inspect(FileName name, FileContent content) {
        try {
            FileKinds.Kind kind = FileKinds.of(name)
                    .orElseThrow(() -> new UnfitException("Expected a file of a kind that is let in, found ."
                            + name.extension()));
            if (content.size() == 0) {
                return empty(kind);
            }
            MimeType found = ContentType.of(content);
            Polyglots.refuse(kind.told(), found, content);
            MimeType exact = new Archives(limits, content).exact(found);
            if (!ContentType.fits(exact, kind.contents())) {
                throw new UnfitException("Expected " + kind.told() + ", found " + exact);
            }
            return new Inspection.Fit(kind.told());
        } catch (UnfitException unfit) {
            return new Inspection.Unfit(unfit.reason());
        } catch (IOException unreadable) {
            throw new UnavailableException("Expected to read an uploaded file", unreadable);
        }
    }

    /** Nothing is a text of no characters, and nothing else. */
    private static Inspection empty(FileKinds.Kind kind) {
        return kind.contents().contains(TEXT)
                ? new Inspection.Fit(kind.told())
                : new Inspection.Unfit("Expected " + kind.told() + ", found an empty file");
    }
}
