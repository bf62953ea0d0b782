package dev.parley.server;

import dev.parley.bootstrap.StoreTools;
import dev.parley.bootstrap.settings.Settings;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.session.SessionId;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Writes conversations out. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = "Writes conversations of the store to standard output or a file; the server must not run.")
final class ExportCommand extends ParleyCommand {

    @Option(names = "--session", paramLabel = "ID", description = "Only this one (default: all).")
    String session = "";

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "json",
            description = "json, markdown, html or csv (default: json).")
    String format = "json";

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = "Where it goes (default: standard output).")
    String output = "";

    @Override
    ExitCode run(Settings settings) throws IOException {
        if (!session.isEmpty() && !SessionId.isValid(session)) {
            throw new ParameterException(spec.commandLine(), "expected --session of 1 to 128 characters of A-Z a-z 0-9 . _ : -");
        }
        if (!StoreTools.FORMATS.contains(format)) {
            throw new ParameterException(
                    spec.commandLine(), "expected --format " + String.join(", ", StoreTools.FORMATS) + ", found " + format);
        }
        Optional<SessionId> one = Optional.of(session).filter(id -> !id.isEmpty()).map(SessionId::new);
        try (OutputStream out = target()) {
            if (StoreTools.export(settings, one, format, out)) {
                return ExitCode.OK;
            }
        } catch (UnavailableException held) {
            err().println("parley: " + held.getMessage());
            return ExitCode.DATA_FOLDER;
        }
        err().println("parley: expected a session called " + session + ", found none");
        return ExitCode.UNHEALTHY;
    }

    private OutputStream target() throws IOException {
        if (!output.isEmpty()) {
            return new BufferedOutputStream(Files.newOutputStream(Path.of(output)));
        }
        return new BufferedOutputStream(new FilterOutputStream(new FileOutputStream(java.io.FileDescriptor.out)) {
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                out.write(bytes, from, length);
            }

            @Override
            public void close() throws IOException {
                flush();
            }
        });
    }
}
