package dev.parley.protocols.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A request and the way to answer it. Used by one thread at a time. */
public interface HttpExchange {

    /** The length of an answer that is not known before its end. */
    long UNKNOWN_LENGTH = -1;

    /** In capital letters. */
    String method();

    /** As it came, not decoded. */
    String path();

    /** As it came, without the question mark; empty where there is none. */
    String query();

    /** {@code http} or {@code https}, as the listener saw it. */
    String scheme();

    /** The other side's address, as the listener saw it. */
    String remoteAddress();

    /** All values of every header, names in lower case. */
    Map<String, List<String>> headers();

    /** A header's first value. */
    default Optional<String> header(String lowerCaseName) {
        return headers().getOrDefault(lowerCaseName, List.of()).stream().findFirst();
    }

    /** The body; blocks while it is on its way. */
    InputStream body();

    /**
     * Begins the answer; once only.
     *
     * @param length of the body in bytes, or {@link #UNKNOWN_LENGTH}
     * @return the body; writing blocks while the client does not read, flushing sends what was written
     * @throws IOException when the client is gone
     */
    OutputStream respond(int status, Map<String, List<String>> headers, long length) throws IOException;
}
