package dev.parley.bootstrap;

import dev.parley.domain.IdSource;
import dev.parley.domain.live.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A name that a data folder keeps: the same for every run on it, so that one that starts again is known by it. */
final class FolderIdentity {
    private FolderIdentity() {}

    private static final String FILE = "folder-id";

    /** The name of a folder that is locked for this process; made when it has none. */
    static NodeId of(Path folder, IdSource ids) {
        Path file = folder.resolve(FILE);
        try {
            if (Files.notExists(file)) {
                Files.writeString(file, ids.next() + "\n");
            }
            return new NodeId("folder-" + Files.readString(file).strip());
        } catch (IOException unusable) {
            throw new StartException(
                    StartException.Reason.DATA_FOLDER,
                    "Expected to keep a name for the data folder in " + file + ", found: " + unusable
                            + ". Make the folder writable for this user.",
                    unusable);
        }
    }
}
