package dev.parley.server;

import dev.parley.bootstrap.StoreTools;
import dev.parley.bootstrap.settings.Settings;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.session.SessionId;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
        try {
            return output.isEmpty() ? written(settings, one, standardOutput()) : toFile(settings, one);
        } catch (UnavailableException held) {
            err().println("parley: " + held.getMessage());
            return ExitCode.DATA_FOLDER;
        }
    }

    /** A file is whole or untouched. */
    private ExitCode toFile(Settings settings, Optional<SessionId> one) throws IOException {
        Path file = Path.of(output).toAbsolutePath();
        boolean replaced = !Files.exists(file) || Files.isRegularFile(file);
        // What is no file, a pipe for instance, is written to as it is.
        Path written = replaced ? file.resolveSibling(file.getFileName() + ".part") : file;
        OutputStream out;
        try {
            out = Files.newOutputStream(written);
        } catch (IOException closed) {
            throw new ParameterException(spec.commandLine(),
                    "expected --output to name a file that can be written, found " + output, closed);
        }
        try {
            ExitCode code = written(settings, one, out);
            if (replaced && code == ExitCode.OK) {
                Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
            }
            return code;
        } finally {
            if (replaced) {
                Files.deleteIfExists(written);
            }
        }
    }

    private ExitCode written(Settings settings, Optional<SessionId> one, OutputStream target) throws IOException {
        try (OutputStream out = new BufferedOutputStream(target)) {
            if (StoreTools.export(settings, one, format, out)) {
                return ExitCode.OK;
            }
        }
        err().println("parley: expected a session called " + session + ", found none");
        return ExitCode.UNHEALTHY;
    }

    /** It stays open for whoever comes after. */
    private static OutputStream standardOutput() {
        return new FilterOutputStream(new FileOutputStream(FileDescriptor.out)) {
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                out.write(bytes, from, length);
            }

            @Override
            public void close() throws IOException {
                flush();
            }
        };
    }
}
