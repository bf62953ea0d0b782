package dev.parley.integration.nodes;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class SqliteTwoNodesTest extends TwoNodesContract {

    @TempDir
    Path folder;

    @Override
    protected SharedParts parts() {
        return new SqliteParts(folder);
    }
}
