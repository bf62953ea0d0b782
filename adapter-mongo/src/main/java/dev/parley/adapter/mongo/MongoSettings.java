package dev.parley.adapter.mongo;

import com.mongodb.ConnectionString;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where MongoDB is and how long to wait for it.
 *
 * @param uri a {@code mongodb://} or {@code mongodb+srv://} address, with everything that the driver's addresses may say
 * @param database the database to use
 * @param connectWithin how long a server may take to be found and to accept a connection
 * @param answerWithin how long a single operation may take
 * @param connections how many connections are open at most
 */
public record MongoSettings(
        String uri, String database, Duration connectWithin, Duration answerWithin, int connections) {

    /** The database of addresses that name none. */
    public static final String DEFAULT_DATABASE = "parley";

    private static final Pattern NAME = Pattern.compile("[^/\\\\.\\s\"$*<>:|?\\x00]{1,63}");

    /** The defaults for what an address does not say. */
    public static MongoSettings of(String uri) {
        ConnectionString parsed = parsed(uri);
        String database = Optional.ofNullable(parsed.getDatabase()).orElse(DEFAULT_DATABASE);
        if (parsed.getCollection() != null || !NAME.matcher(database).matches()) {
            throw new IllegalArgumentException(
                    "Expected the name of a database behind the host, of at most 63 characters and without any of / \\ . \" $ * < > : | ?"
                            + " and spaces, found one that MongoDB does not take");
        }
        return new MongoSettings(
                uri,
                database,
                Duration.ofSeconds(5),
                Duration.ofSeconds(15),
                100);
    }

    /** The same with another patience. */
    public MongoSettings waiting(Duration toConnect, Duration forAnswers) {
        return new MongoSettings(uri, database, toConnect, forAnswers, connections);
    }

    ConnectionString address() {
        return parsed(uri);
    }

    private static ConnectionString parsed(String uri) {
        try {
            return new ConnectionString(uri);
        } catch (IllegalArgumentException unusable) {
            // What the driver says may hold the password.
            throw new IllegalArgumentException(
                    "Expected the address of a MongoDB such as mongodb://host:27017/parley, found one that cannot be used");
        }
    }

    /** Without the address, which may hold a password. */
    @Override
    public String toString() {
        return "MongoSettings[database=" + database + ", hosts=" + String.join(",", parsed(uri).getHosts()) + "]";
    }
}
