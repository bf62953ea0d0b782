package dev.parley.server;

import dev.parley.bootstrap.Version;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class VersionLine implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"parley " + Version.here() + " (Java " + Runtime.version() + ")"};
    }
}
