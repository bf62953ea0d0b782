package dev.parley.protocols.http;

import dev.parley.protocols.admission.Peer;
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

    /** Where the request comes from and what it was addressed to, as the listener saw it and trusted proxies say. */
    Peer peer();

    /** All values of every header, names in lower case. */
    Map<String, List<String>> headers();

    /** A header's first value. */
    default Optional<String> header(String lowerCaseName) {
        return headers().getOrDefault(lowerCaseName, List.of()).stream().findFirst();
    }

    /** The body; blocks while it is on its way, and fails once nothing more comes of it. */
    InputStream body();

    /**
     * Begins the answer; once only.
     *
     * @param length of the body in bytes, or {@link #UNKNOWN_LENGTH}
     * @return the body; writing blocks while the client does not read, flushing sends what was written. A client that reads
     *     nothing at all is cut off in bounded time and then gone
     * @throws IOException when the client is gone
     */
    OutputStream respond(int status, Map<String, List<String>> headers, long length) throws IOException;

    /**
     * The answer is at its end: unless it is complete in bounded time from now, the client is cut off, and whoever still writes is
     * told that it is gone. From any thread; does not block.
     */
    void ending();
}
