package dev.parley.application.live;

import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.domain.telemetry.TelemetryEvent;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Whether something that the engine can do without is there; its going away and coming back are told once each. */
public final class Standing {

    private static final System.Logger LOG = System.getLogger(Standing.class.getName());

    private final String name;
    private final Telemetry telemetry;
    private final AtomicBoolean away = new AtomicBoolean();

    /** @param name of the dependency, as metrics call it */
    public Standing(String name, Telemetry telemetry) {
        this.name = name;
        this.telemetry = telemetry;
    }

    /** What {@code asked} answers, or {@code otherwise} while it is away. */
    public <T> T ask(Supplier<T> asked, Supplier<T> otherwise) {
        try {
            T answer = asked.get();
            there();
            return answer;
        } catch (UnavailableException unavailable) {
            if (away.compareAndSet(false, true)) {
                LOG.log(System.Logger.Level.WARNING, "The " + name + " is away; this node goes on with what it knows",
                        unavailable);
                telemetry.on(new TelemetryEvent.DependencyChanged(name, false));
            }
            return otherwise.get();
        }
    }

    /** Says something that is lost while it is away. */
    public void tell(Runnable said) {
        boolean told = ask(
                () -> {
                    said.run();
                    return true;
                },
                () -> false);
        LOG.log(System.Logger.Level.TRACE, "{0} told={1}", name, told);
    }

    private void there() {
        if (away.compareAndSet(true, false)) {
            LOG.log(System.Logger.Level.INFO, "The {0} is back", name);
            telemetry.on(new TelemetryEvent.DependencyChanged(name, true));
        }
    }
}
