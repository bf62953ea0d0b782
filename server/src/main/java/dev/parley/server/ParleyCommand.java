package dev.parley.server;

import dev.parley.bootstrap.StartException;
import dev.parley.bootstrap.settings.Fault;
import dev.parley.bootstrap.settings.Settings;
import dev.parley.domain.error.UnavailableException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that works with the settings. */
abstract class ParleyCommand implements Callable<Integer> {

    @Spec @SuppressWarnings("NullAway.Init") // set by picocli
    CommandSpec spec;

    @Override
    public final Integer call() throws Exception {
        return switch (SettingFlags.read(spec.commandLine().getParseResult())) {
            case Settings.Reading.Good good -> run(good.settings()).code();
            case Settings.Reading.Faulty faulty -> faulty(faulty).code();
        };
    }

    /** @throws Exception what nobody foresaw; what was foreseen is an exit code */
    abstract ExitCode run(Settings settings) throws Exception;

    ExitCode faulty(Settings.Reading.Faulty faulty) {
        err().println(faulty.faults().size() == 1
                ? "parley: a setting is wrong:"
                : "parley: " + faulty.faults().size() + " settings are wrong:");
        for (Fault fault : faulty.faults()) {
            err().println("  " + fault);
        }
        return ExitCode.SETTINGS;
    }

    /** One line for what was foreseen. */
    ExitCode cannotStart(StartException failure) {
        err().println("parley: " + failure.getMessage());
        return ExitCode.of(failure.reason());
    }

    /**
     * One line for a store that cannot be used.
     *
     * @param otherwise what it means where SQLite says nothing
     */
    ExitCode cannotUse(UnavailableException away, ExitCode otherwise) {
        String said = String.valueOf(away.getMessage());
        err().println("parley: " + said);
        return said.contains("SQLITE_FULL") ? ExitCode.NO_SPACE : said.contains("SQLITE") ? ExitCode.DATA_FOLDER : otherwise;
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
