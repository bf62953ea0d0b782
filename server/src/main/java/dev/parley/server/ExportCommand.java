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
        } catch (UnavailableException away) {
            return cannotUse(away, settings.storage().mongo().isPresent() ? ExitCode.DEPENDENCY : ExitCode.DATA_FOLDER);
        } catch (IOException unwritten) {
            String said = String.valueOf(unwritten.getMessage());
            err().println("parley: expected to write all of it, found: " + said);
            return said.contains("No space left") ? ExitCode.NO_SPACE : ExitCode.BROKEN;
        }
    }

    /** A file is whole or untouched; what is no file, a pipe for instance, is written to as it is. */
    private ExitCode toFile(Settings settings, Optional<SessionId> one) throws IOException {
        Path named = Path.of(output).toAbsolutePath();
        boolean there = Files.exists(named);
        if (there && !Files.isRegularFile(named)) {
            return written(settings, one, Files.newOutputStream(named));
        }
        // What a link leads to is replaced, and the link stays.
        Path file = there ? named.toRealPath() : named;
        Path part = aside(file, there);
        try {
            ExitCode code = written(settings, one, Files.newOutputStream(part));
            if (code == ExitCode.OK) {
                Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            }
            return code;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** A new file beside {@code file} that the same people may read; nobody else where there is none yet. */
    private Path aside(Path file, boolean there) {
        try {
            Path part = Files.createTempFile(file.getParent(), file.getFileName() + ".", ".part");
            if (there && Files.getFileStore(file).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(part, Files.getPosixFilePermissions(file));
            }
            return part;
        } catch (IOException closed) {
            throw new ParameterException(spec.commandLine(),
                    "expected --output to name a file in a folder that can be written, found " + output, closed);
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
