package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.error.ChatException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One connection with its prepared statements. Used by one thread at a time. */
final class Sql implements AutoCloseable {
    private final Path file;
    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();
    private long writes;
    private @Nullable ChatException fault;

    Sql(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    /** Makes something of one row. */
    @FunctionalInterface
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** A row was refused because it would not be the only one of its kind. */
    static final class Taken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Taken(SQLException cause) {
            super("Expected something new, found it taken", cause);
        }
    }

    /** How many statements have written so far. */
    long writes() {
        return writes;
    }

    /** What went wrong since the last call that SQLite may have ended the transaction for. */
    Optional<ChatException> takeFault() {
        Optional<ChatException> taken = Optional.ofNullable(fault);
        fault = null;
        return taken;
    }

    /** Writes; the number of rows. Arguments are texts, whole numbers and nulls. */
    int update(String sql, @Nullable Object... arguments) {
        try {
            PreparedStatement statement = bound(sql, arguments);
            int rows = statement.executeUpdate();
            writes++;
            return rows;
        } catch (SQLException failed) {
            throw failed(sql, failed);
        }
    }

    <T> Optional<T> one(String sql, Row<T> row, @Nullable Object... arguments) {
        try (ResultSet found = bound(sql, arguments).executeQuery()) {
            return found.next() ? Optional.of(row.read(found)) : Optional.empty();
        } catch (SQLException failed) {
            throw failed(sql, failed);
        }
    }

    <T> List<T> list(String sql, Row<T> row, @Nullable Object... arguments) {
        try (ResultSet found = bound(sql, arguments).executeQuery()) {
            List<T> rows = new ArrayList<>();
            while (found.next()) {
                rows.add(row.read(found));
            }
            return rows;
        } catch (SQLException failed) {
            throw failed(sql, failed);
        }
    }

    long number(String sql, @Nullable Object... arguments) {
        return one(sql, row -> row.getLong(1), arguments).orElse(0L);
    }

    /** Runs a statement that gives nothing and is seldom used. */
    void run(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw translated(failed);
        }
    }

    /** Ends a transaction that may have ended by itself. */
    void rollBack() {
        try (Statement statement = connection.createStatement()) {
            statement.execute("ROLLBACK");
        } catch (SQLException ended) {
            System.getLogger(Sql.class.getName())
                    .log(System.Logger.Level.DEBUG, "A transaction had ended by itself", ended);
        }
    }

    private PreparedStatement bound(String sql, @Nullable Object[] arguments) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case String text -> statement.setString(i + 1, text);
                case Long number -> statement.setLong(i + 1, number);
                case Integer number -> statement.setInt(i + 1, number);
                case null -> statement.setNull(i + 1, Types.NULL);
                default -> throw new IllegalArgumentException("Expected a text or a number, found another argument");
            }
        }
        return statement;
    }

    /** The driver ends a statement that failed. */
    private RuntimeException failed(String sql, SQLException cause) {
        PreparedStatement ended = prepared.remove(sql);
        try {
            if (ended != null) {
                ended.close();
            }
        } catch (SQLException already) {
            cause.addSuppressed(already);
        }
        return translated(cause);
    }

    private RuntimeException translated(SQLException failed) {
        if (Faults.constraint(failed)) {
            return new Taken(failed);
        }
        ChatException translated = Faults.translated(file, failed);
        fault = translated;
        return translated;
    }

    @Override
    public void close() {
        try {
            for (PreparedStatement statement : prepared.values()) {
                statement.close();
            }
            connection.close();
        } catch (SQLException failed) {
            throw Faults.translated(file, failed);
        }
    }
}
