package dev.parley.server;

import picocli.CommandLine.Command;

/** The program itself: without a command it serves. */
@Command(
        name = "parley",
        mixinStandardHelpOptions = true,
        versionProvider = VersionLine.class,
        description = "A real-time LLM chat server. Without a command it serves.",
        subcommands = {
            ServeCommand.class,
            TokenCommand.class,
            ConfigCommand.class,
            ExportCommand.class,
            CopyCommand.class,
            BackupCommand.class,
            HealthCommand.class
        })
final class RootCommand extends ServingCommand {}
