package dev.parley.server;

import java.util.Map;
import picocli.CommandLine;

/** The command line with everything that it can say. */
final class Commands {
    private Commands() {}

    static CommandLine all() {
        CommandLine program = new CommandLine(new RootCommand());
        SettingFlags.addTo(program.getCommandSpec());
        for (Map.Entry<String, CommandLine> command : program.getSubcommands().entrySet()) {
            SettingFlags.addTo(command.getValue().getCommandSpec());
        }
        program.setExecutionExceptionHandler((failure, command, parsed) -> Main.broken(failure, command.getErr()));
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
