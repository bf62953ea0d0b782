package dev.parley.bootstrap;

import java.util.Optional;

/** Which version this is, as its jar says. */
public final class Version {
    private Version() {}

    /** {@code development} where there is no jar. */
    public static String here() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion()).orElse("development");
    }
}
