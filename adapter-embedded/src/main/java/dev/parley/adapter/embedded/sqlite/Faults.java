package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.error.ChatException;
import dev.parley.domain.error.CorruptDataException;
import dev.parley.domain.error.UnavailableException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;

/** Says what a failure of SQLite means and what to do about it. */
final class Faults {
    private Faults() {}

    /** Whether a rule of the schema refused a row; the transaction goes on. */
    static boolean constraint(SQLException fault) {
        return primary(fault) == SQLiteErrorCode.SQLITE_CONSTRAINT.code;
    }

    static ChatException translated(Path file, SQLException fault) {
        int code = primary(fault);
        if (code == SQLiteErrorCode.SQLITE_CORRUPT.code || code == SQLiteErrorCode.SQLITE_NOTADB.code) {
            return new CorruptDataException(
                    "Expected a sound database in " + file + ", found a damaged one. Stop the server, keep the file aside and"
                            + " put the newest backup in its place (SQLite: " + name(code) + ")",
                    fault);
        }
        return new UnavailableException(
                "Expected to use the database " + file + ", found: " + reason(code) + " (SQLite: " + name(code) + ")", fault);
    }

    /** As {@link #translated}, but for one that is copied: either file may be what is wrong. */
    static ChatException copying(Path database, Path target, SQLException fault) {
        int code = primary(fault);
        ChatException translated = translated(database, fault);
        return translated instanceof CorruptDataException
                ? translated
                : new UnavailableException(
                        "Expected to copy " + database + " to " + target + ", found that it cannot be done (SQLite: " + name(code)
                                + "). Look whether the folder of the copy is there, may be written and has room",
                        fault);
    }

    private static String reason(int code) {
        if (code == SQLiteErrorCode.SQLITE_FULL.code) {
            return "no room is left on its disk. Free some or move the data folder";
        }
        if (code == SQLiteErrorCode.SQLITE_BUSY.code || code == SQLiteErrorCode.SQLITE_LOCKED.code) {
            return "another program holds it locked. Close whatever has opened the file";
        }
        if (code == SQLiteErrorCode.SQLITE_READONLY.code || code == SQLiteErrorCode.SQLITE_PERM.code) {
            return "it may not be written. Make the data folder and the files in it writable for this user";
        }
        if (code == SQLiteErrorCode.SQLITE_CANTOPEN.code) {
            return "it cannot be opened. Look at the data folder and its permissions";
        }
        if (code == SQLiteErrorCode.SQLITE_IOERR.code) {
            return "its disk fails. Look at the system's log and at the disk";
        }
        return "it fails";
    }

    private static String name(int code) {
        return SQLiteErrorCode.getErrorCode(code).name();
    }

    private static int primary(SQLException fault) {
        return fault.getErrorCode() & 0xFF;
    }
}
