package dev.parley.server;

import picocli.CommandLine.Command;

/** Serves. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        versionProvider = VersionLine.class,
        description = "Runs the server (what happens without a command, too).")
final class ServeCommand extends ServingCommand {}
