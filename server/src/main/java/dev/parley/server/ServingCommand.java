package dev.parley.server;

import dev.parley.bootstrap.settings.Settings;

/** Runs the server until it is told to end. */
abstract class ServingCommand extends ParleyCommand {

    @Override
    ExitCode run(Settings settings) throws InterruptedException {
        return new Serving(out(), err()).run(settings);
    }
}
