package dev.parley.server;

import dev.parley.bootstrap.Health;
import dev.parley.bootstrap.Parley;
import dev.parley.bootstrap.StartException;
import dev.parley.bootstrap.Version;
import dev.parley.bootstrap.settings.Settings;
import java.io.PrintWriter;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** The server while it runs, until it is told to end. */
final class Serving {

    private static final System.Logger LOG = System.getLogger("dev.parley.server");

    private final PrintWriter out;
    private final PrintWriter err;

    Serving(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    ExitCode run(Settings settings) throws InterruptedException {
        Logs.configure(settings.operation());
        CountDownLatch told = new CountDownLatch(1);
        Parley parley;
        try {
            parley = Parley.builder(settings).build();
        } catch (StartException failure) {
            err.println("parley: " + failure.getMessage());
            return ExitCode.of(failure.reason());
        }
        try (parley) {
            Signals.onFirst(told::countDown);
            greet(parley);
            told.await();
            LOG.log(System.Logger.Level.INFO, "Told to end: replies have {0} s to finish",
                    String.valueOf(settings.operation().shutdownGrace().toSeconds()));
            parley.drain();
        }
        LOG.log(System.Logger.Level.INFO, "Ended");
        return ExitCode.OK;
    }

    private void greet(Parley parley) {
        LOG.log(System.Logger.Level.INFO, "Parley {0} listens at {1}", Version.here(), parley.url());
        Optional<URI> opening = parley.openingUrl();
        if (opening.isPresent()) {
            out.println("Parley is ready. Open " + opening.get());
        } else {
            out.println("Parley is ready at " + parley.url() + ". `parley token` makes tokens to come in with.");
        }
        for (Health.Part part : parley.health().parts()) {
            if (part.name().equals("model") && !part.says().equals("answers")) {
                out.println("Model: " + part.says() + ".");
            }
        }
        out.flush();
    }
}
