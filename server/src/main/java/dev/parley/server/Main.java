package dev.parley.server;

import dev.parley.domain.error.ChatException;
import java.util.Map;
import picocli.CommandLine;

/** Where the program begins. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        Logs.quiet();
        int code = commandLine().execute(arguments);
        // Threads of libraries must not keep a process alive that has said its last word.
        System.exit(code);
    }

    static CommandLine commandLine() {
        CommandLine program = new CommandLine(new RootCommand());
        SettingFlags.addTo(program.getCommandSpec());
        for (Map.Entry<String, CommandLine> command : program.getSubcommands().entrySet()) {
            SettingFlags.addTo(command.getValue().getCommandSpec());
        }
        program.setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println("parley: " + failure.getMessage());
            if (!(failure instanceof ChatException)) {
                System.getLogger("dev.parley.server").log(System.Logger.Level.ERROR, "Not foreseen", failure);
            }
            return ExitCode.BROKEN.code();
        });
        program.setParameterExceptionHandler((wrong, arguments) -> {
            CommandLine command = wrong.getCommandLine();
            command.getErr().println("parley: " + wrong.getMessage());
            CommandLine.UnmatchedArgumentException.printSuggestions(wrong, command.getErr());
            command.getErr().println("`" + command.getCommandSpec().qualifiedName() + " --help` says what there is.");
            return ExitCode.SETTINGS.code();
        });
        return program;
    }
}
