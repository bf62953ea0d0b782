package dev.parley.domain.attachment;

import dev.parley.domain.Port;

/** Looks for viruses. Safe for use by many threads; may block. Never calls clean what it did not look at to the end. */
@Port
public interface VirusScanner {

    /** Looks through all of {@code content}; a scanner that is away, too slow or not sure makes it unscannable, it never throws. */
    Scan scan(FileContent content);

    /** What came of it. */
    sealed interface Scan {

        /** All of it was looked at, and nothing was found. */
        record Clean() implements Scan {}

        /** @param virus what was found, as the scanner calls it */
        record Infected(String virus) implements Scan {}

        /** @param reason for the log, without content */
        record Unscannable(String reason) implements Scan {}
    }
}
