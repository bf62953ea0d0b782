package dev.parley.server;

import dev.parley.bootstrap.StartException;

/** What the process ends with; part of the interface, so the numbers stay. */
enum ExitCode {
    OK(0),
    /** Something broke that nobody foresaw. */
    BROKEN(1),
    /** A wrong command line or wrong settings. */
    SETTINGS(2),
    /** The address is taken or may not be used. */
    ADDRESS(3),
    /** Another process uses the data folder, or it cannot be written. */
    DATA_FOLDER(4),
    /** The database is damaged or newer than this program. */
    DATABASE(5),
    /** The disk is full. */
    NO_SPACE(6),
    /** Nobody answers, or the answer is no: for commands that ask. */
    UNHEALTHY(8),
    /** MongoDB or Redis does not answer as it must. */
    DEPENDENCY(9),
    /** Another server uses a MongoDB or Redis that is for one alone. */
    TAKEN(10);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static ExitCode of(StartException.Reason reason) {
        return switch (reason) {
            case ADDRESS -> ADDRESS;
            case DATA_FOLDER -> DATA_FOLDER;
            case DATABASE -> DATABASE;
            case NO_SPACE -> NO_SPACE;
            case CERTIFICATE -> SETTINGS;
            case MISSING_PART -> BROKEN;
            case DEPENDENCY -> DEPENDENCY;
            case TAKEN -> TAKEN;
        };
    }
}
