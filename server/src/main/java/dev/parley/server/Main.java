package dev.parley.server;

import dev.parley.bootstrap.settings.Settings;
import dev.parley.domain.error.ChatException;
import dev.parley.domain.error.CorruptDataException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Optional;

/** Where the program begins. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        Logs.quiet();
        int code = run(arguments);
        // Threads of libraries must not keep a process alive that has said its last word.
        System.exit(code);
    }

    private static int run(String... arguments) {
        PrintWriter err = writer(System.err);
        try {
            Optional<Settings> plain = PlainFlags.settings(arguments);
            return plain.isPresent()
                    ? new Serving(writer(System.out), err).run(plain.get()).code()
                    : Commands.all().execute(arguments);
        } catch (Exception failure) {
            return broken(failure, err);
        }
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, stream.charset());
    }

    /** Says what nobody foresaw. */
    static int broken(Exception failure, PrintWriter err) {
        err.println("parley: " + failure.getMessage());
        if (!(failure instanceof ChatException)) {
            System.getLogger("dev.parley.server").log(System.Logger.Level.ERROR, "Not foreseen", failure);
        }
        return (failure instanceof CorruptDataException ? ExitCode.DATABASE : ExitCode.BROKEN).code();
    }
}
