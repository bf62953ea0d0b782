package dev.parley.server;

import dev.parley.bootstrap.StartException;
import dev.parley.bootstrap.StoreTools;
import dev.parley.bootstrap.settings.Settings;
import dev.parley.domain.error.CorruptDataException;
import dev.parley.domain.error.UnavailableException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Moves everything durable between the embedded store and MongoDB. */
@Command(
        name = "copy",
        mixinStandardHelpOptions = true,
        description = "Copies everything durable from one store to another and compares them; no server may use either. A copy that broke off"
                + " goes on when it is started again.")
final class CopyCommand extends ParleyCommand {

    @Option(names = "--from", required = true, paramLabel = "STORE",
            description = "'embedded' (the data folder) or the address of a MongoDB.")
    String from = "";

    @Option(names = "--to", required = true, paramLabel = "STORE", description = "The same, of the store that is to have it.")
    String to = "";

    @Override
    ExitCode run(Settings settings) {
        if (!StoreTools.known(from) || !StoreTools.known(to) || from.equals(to)) {
            throw new ParameterException(
                    spec.commandLine(), "expected --from and --to to be two of embedded and mongodb://…, found others");
        }
        try {
            StoreTools.Copied copied = StoreTools.copy(settings, from, to, out()::println);
            out().println("Copied and compared: " + copied.sessions() + " sessions, " + copied.changes() + " changes, "
                    + copied.messages() + " messages, " + copied.files() + " files, " + copied.uploads()
                    + " uploads on their way, " + copied.topics() + " topics, " + copied.revocations() + " revocations, "
                    + copied.audited() + " lines of the audit");
            if (copied.piecesLeft() > 0) {
                out().println("Left out: " + copied.piecesLeft() + " pieces of uploads on their way, behind one that is missing;"
                        + " their senders are told and send them again");
            }
            out().println("SHA-256 of all messages: " + copied.checksum());
            return ExitCode.OK;
        } catch (StartException unusable) {
            return cannotStart(unusable);
        } catch (CorruptDataException different) {
            err().println("parley: " + different.getMessage());
            return ExitCode.DATABASE;
        } catch (UnavailableException away) {
            return cannotUse(away, ExitCode.DEPENDENCY);
        }
    }
}
