package dev.parley.server;

import dev.parley.bootstrap.StoreTools;
import dev.parley.bootstrap.settings.Settings;
import dev.parley.domain.error.UnavailableException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Copies the database. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description = "Copies the database to FILE, also while the server runs; FILE is whole or untouched.")
final class BackupCommand extends ParleyCommand {

    @Parameters(paramLabel = "FILE",
            description = "Where the copy goes; replaced when it is there.") @SuppressWarnings("NullAway.Init") // set by picocli
    Path file;

    @Override
    ExitCode run(Settings settings) {
        try {
            StoreTools.backup(settings, file);
        } catch (UnavailableException none) {
            return cannotUse(none, settings.storage().mongo().isPresent() ? ExitCode.SETTINGS : ExitCode.DATA_FOLDER);
        }
        out().println("Wrote " + file.toAbsolutePath());
        return ExitCode.OK;
    }
}
