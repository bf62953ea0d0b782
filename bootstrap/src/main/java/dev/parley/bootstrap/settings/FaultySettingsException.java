package dev.parley.bootstrap.settings;

import java.util.List;
import java.util.stream.Collectors;

/** The settings are wrong; says everything that is, not only the first. */
public final class FaultySettingsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;

    public FaultySettingsException(List<Fault> faults) {
        super(faults.stream().map(Fault::toString).collect(Collectors.joining("\n")));
        this.faults = List.copyOf(faults);
    }

    public List<Fault> faults() {
        return faults;
    }
}
