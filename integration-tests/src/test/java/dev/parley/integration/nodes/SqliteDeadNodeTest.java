package dev.parley.integration.nodes;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class SqliteDeadNodeTest extends DeadNodeContract {

    @TempDir
    Path folder;

    @Override
    protected SharedParts parts() {
        return new SqliteParts(folder);
    }
}
