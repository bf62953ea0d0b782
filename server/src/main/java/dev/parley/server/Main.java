package dev.parley.server;

import dev.parley.bootstrap.settings.Settings;
import dev.parley.domain.error.ChatException;
import java.io.PrintStream;
import java.io.PrintWriter;

/** Where the program begins. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        Logs.quiet();
        int code = PlainFlags.settings(arguments).map(Main::serve).orElseGet(() -> Commands.all().execute(arguments));
        // Threads of libraries must not keep a process alive that has said its last word.
        System.exit(code);
    }

    private static int serve(Settings settings) {
        PrintWriter err = writer(System.err);
        try {
            return new Serving(writer(System.out), err).run(settings).code();
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
        return ExitCode.BROKEN.code();
    }
}
