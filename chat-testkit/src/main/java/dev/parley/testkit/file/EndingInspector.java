package dev.parley.testkit.file;

import dev.parley.domain.attachment.FileContent;
import dev.parley.domain.attachment.FileInspector;
import dev.parley.domain.attachment.FileKinds;
import dev.parley.domain.attachment.FileName;
import dev.parley.domain.error.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Believes a file's ending, unless a Windows program is inside; for tests in which it does not matter. */
public final class EndingInspector implements FileInspector {

    @Override
    public Inspection inspect(FileName name, FileContent content) {
        return FileKinds.of(name)
                .filter(kind -> !program(content))
                .<Inspection>map(kind -> new Inspection.Fit(kind.told()))
                .orElseGet(() -> new Inspection.Unfit("Expected a file of a kind that is let in, found ." + name.extension()));
    }

    private static boolean program(FileContent content) {
        try (InputStream bytes = content.open()) {
            return Arrays.equals(bytes.readNBytes(2), new byte[] {'M', 'Z'});
        } catch (IOException unreadable) {
            throw new UnavailableException("Expected to read a file", unreadable);
        }
    }
}
